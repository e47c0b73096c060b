import { spawnSync } from 'node:child_process';
import { type CheckGroup, ok, type Patient, warn } from './finding.ts';

/** The first version of Claude Code that honours `onFailure` of a hook. */
const HONOURS_ON_FAILURE = [2, 1, 295] as const;

/** Does the installed Claude Code turn a hook that fails into a denial? */
export const client: CheckGroup = {
  name: 'client',
  run({ terminal }: Patient) {
    const { stdout, error } = spawnSync('claude', ['--version'], {
      env: { ...terminal.env },
      encoding: 'utf8',
      timeout: 10_000,
    });
    const version = /^(\d+)\.(\d+)\.(\d+)/.exec(stdout ?? '');
    if (error !== undefined || version === null)
      return [
        warn(
          'no `claude` on the PATH answers: whether it honours `onFailure` is not known',
          'see that `claude --version` says 2.1.295 or newer',
        ),
      ];
    const [text, ...numbers] = version;
    if (isBefore(numbers.map(Number), HONOURS_ON_FAILURE))
      return [
        warn(`Claude Code ${text} lets a call pass when the hook is killed or times out`, 'claude update'),
      ];
    return [ok(`Claude Code ${text} denies a call when the hook is killed or times out`)];
  },
};

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  for (const [at, wanted] of other.entries()) {
    const found = version[at] ?? 0;
    if (found !== wanted) return found < wanted;
  }
  return false;
}
