import { stateDir } from '../../host/places.ts';
import { readSetStage } from '../../host/rollout.ts';
import { stageRules } from '../../model/stage.ts';
import { currentStage } from '../../rollout/stage.ts';
import { faultText } from '../fault.ts';
import { configOf } from '../loaded-config.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { advised, type Checker, type Finding, type Place, stands } from './layer.ts';

const DAYS = 14;

/** Layer 4: what a rollout is judged by, the record of what was stopped, and where production is. */
export const rollout: Checker = {
  name: 'rollout',
  title: 'Staged rollout',
  check: (place) => [...stage(place), ...records(place), ...environments(place)],
};

function stage({ project, terminal }: Place): readonly Finding[] {
  try {
    const { rollout: configured } = configOf(project, terminal).config;
    if (configured === undefined)
      return [advised('no rollout is configured: the rules alone decide', 'blastguard rollout')];
    const { name } = currentStage(configured, readSetStage(stateDir(terminal.env)), Date.now());
    return [stands(`the rollout stands at ${name}: ${stageRules[name].lets}`)];
  } catch {
    return []; // the guard's own layer says what is wrong with the configuration
  }
}

function records({ terminal }: Place): readonly Finding[] {
  try {
    const files = dayFiles(stateDir(terminal.env)).slice(-DAYS);
    const entries = files.flatMap((file) => [...linesOf(file)].map(({ text }) => entryOf(text)));
    const verdicts = entries.flatMap((entry) => (typeof entry?.verdict === 'string' ? [entry.verdict] : []));
    if (verdicts.length === 0)
      return [
        advised(
          'no call is on record yet, so nothing can be reviewed',
          'blastguard init, then work with Claude Code',
        ),
      ];
    const denied = verdicts.filter((verdict) => verdict === 'deny').length;
    return [
      stands(
        `${verdicts.length} calls on record over ${files.length} days, ${denied} of them denied (blastguard log)`,
      ),
    ];
  } catch (error) {
    return [advised(`the audit log cannot be read: ${faultText(error)}`, 'blastguard log')];
  }
}

function environments({ project, terminal }: Place): readonly Finding[] {
  try {
    const named = configOf(project, terminal)
      .reports()
      .flatMap(({ environments: found }) => found);
    if (named.length > 0)
      return [
        stands(
          `environments are named: ${named.map(({ name, class: kind }) => `${name} (${kind})`).join(', ')}`,
        ),
      ];
    return [
      advised(
        'no environment is named, so everything counts as production',
        'name them under `environments:` in .blastguard.yaml',
      ),
    ];
  } catch {
    return [];
  }
}
