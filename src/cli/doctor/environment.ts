import { isObject } from '../settings/read.ts';
import { type CheckGroup, type Finding, ok, type Patient, warn } from './finding.ts';

/** Variables that load code into a program or a node, or move what blastguard works on. */
const SUSPECTS = [
  'NODE_OPTIONS',
  'BUN_OPTIONS',
  'BUN_BE_BUN',
  'LD_PRELOAD',
  'LD_AUDIT',
  'DYLD_INSERT_LIBRARIES',
  'BLASTGUARD_STATE_DIR',
  'CLAUDE_CODE_SIMPLE',
  'CLAUDE_CODE_SAFE_MODE',
];

/** Is NODE_OPTIONS or its like set, in this shell or by a settings file for every session? */
export const environment: CheckGroup = {
  name: 'env',
  run({ terminal, files }: Patient) {
    const here = SUSPECTS.filter((name) => terminal.env[name]).map((name) =>
      finding(name, 'this shell', `unset ${name}`),
    );
    const set = files.flatMap(({ path, settings }) =>
      SUSPECTS.filter((name) => isObject(settings.env) && settings.env[name]).map((name) =>
        finding(name, path, `remove \`env.${name}\` from ${path}`),
      ),
    );
    const found = [...here, ...set];
    return found.length === 0 ? [ok('nothing in it changes what node runs')] : found;
  },
};

function finding(name: string, where: string, mend: string): Finding {
  return warn(`${name} is set in ${where}: ${effectOf(name)}`, mend);
}

function effectOf(name: string): string {
  if (name === 'BLASTGUARD_STATE_DIR') return 'log and trust lie elsewhere for what is started there';
  if (name.startsWith('CLAUDE_')) return 'a session started there runs without hooks of users and projects';
  return 'it loads code into programs; the hook takes it away, a program that you start yourself does not';
}
