import { readSwitchFile, switchPaths } from '../../killswitch/file.ts';
import { everywhereAbove } from '../scope.ts';
import { describeSwitch } from '../switch-text.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Is the switch thrown, and can every place be looked into where it may lie? */
export const killSwitch: CheckGroup = {
  name: 'switch',
  run({ project, terminal }: Patient) {
    const found = switchPaths(everywhereAbove(project, terminal)).flatMap((file): readonly Finding[] => {
      const state = readSwitchFile(file);
      if (!state.thrown) return [];
      if (state.fault !== undefined)
        return [fail(`${file} cannot be read (${state.fault}), so everything is halted`, `remove ${file}`)];
      return [warn(`everything is halted by ${file} (${describeSwitch(state)})`, 'blastguard resume')];
    });
    return found.length === 0 ? [ok('not thrown; its places can be looked into')] : found;
  },
};
