import { readSwitchFile, switchPaths } from '../../killswitch/file.ts';
import { everywhereAbove } from '../scope.ts';
import { type SourceState, sourceStates } from '../source-states.ts';
import { describeSwitch } from '../switch-text.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Is the switch thrown, and can every place be looked into where it may lie? */
export const killSwitch: CheckGroup = {
  name: 'switch',
  async run({ project, terminal }: Patient) {
    const found = switchPaths(everywhereAbove(project, terminal)).flatMap((file): readonly Finding[] => {
      const state = readSwitchFile(file);
      if (!state.thrown) return [];
      if (state.fault !== undefined)
        return [fail(`${file} cannot be read (${state.fault}), so everything is halted`, `remove ${file}`)];
      return [warn(`everything is halted by ${file} (${describeSwitch(state)})`, 'blastguard resume')];
    });
    const sources = await sourceStates(project, terminal);
    found.push(...sources.map(sourceFinding).filter((finding) => finding !== undefined));
    return found.length === 0 ? [ok('not thrown; its places can be looked into')] : found;
  },
};

function sourceFinding({ name, state, fault, thrown }: SourceState): Finding | undefined {
  if (state === 'clear') return undefined;
  if (state === 'thrown')
    return warn(
      `everything is halted by ${name} (${thrown[0]?.reason ?? 'no reason given'})`,
      'blastguard resume',
    );
  const says = `the source ${name} of the kill switch cannot be read: ${fault ?? 'nothing is known of it'}`;
  return state === 'unread'
    ? warn(says, 'blastguard status')
    : fail(`${says}; calls are denied`, 'blastguard status');
}
