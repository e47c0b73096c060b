import { readSwitchFile, switchPaths } from '../../killswitch/file.ts';
import { everywhereAbove } from '../scope.ts';
import { describeSwitch } from '../switch-text.ts';
import { type Checker, missing, stands } from './layer.ts';

/** Layer 3, as far as this machine goes. */
export const killSwitch: Checker = {
  name: 'kill-switch',
  title: 'Kill switch',
  check({ project, terminal }) {
    const switches = switchPaths(everywhereAbove(project, terminal)).map(readSwitchFile);
    const thrown = switches.filter((each) => each.thrown);
    if (thrown.length === 0)
      return [stands('not thrown; `blastguard stop` halts every session on this machine')];
    return thrown.map((each) =>
      missing(`${each.file} halts everything (${describeSwitch(each)})`, 'blastguard resume'),
    );
  },
};
