import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isOurs } from '../settings/entry.ts';
import { type HookFile, substituted } from '../settings/found.ts';
import { hooksOf, isObject } from '../settings/read.ts';
import { type CheckGroup, type Finding, ok, type Patient, warn } from './finding.ts';

const LARGEST_SCRIPT = 1 << 20;

/** What answers `allow` in any of the forms that Claude Code takes. */
const ALLOWS = /permissionDecision\W{1,12}allow\b|decision\W{1,12}approve\b/;

/**
 * Is another hook of PreToolUse printing `allow`? It cannot lift a denial, but it switches off the prompt and Auto Mode's
 * classifier. Others' hooks are read, not run.
 */
export const otherHooks: CheckGroup = {
  name: 'others',
  run({ files, project }: Patient) {
    const found = files.flatMap((file) =>
      [...hooksOf(file.settings, 'PreToolUse')]
        .filter(({ entry }) => !isOurs(entry))
        .flatMap(({ entry }) => findingsOf(file, entry, project)),
    );
    return found.length === 0 ? [ok('no other hook seems to answer `allow`')] : found;
  },
};

function findingsOf(file: HookFile, hook: unknown, project: string): readonly Finding[] {
  if (!isObject(hook) || typeof hook.command !== 'string') return [];
  const args = Array.isArray(hook.args) ? hook.args.map(String) : [];
  const line = [hook.command, ...args].map((word) => substituted(word, file)).join(' ');
  const texts = [line, ...scriptsIn(line, project)];
  if (!texts.some((text) => ALLOWS.test(text))) return [];
  return [
    warn(
      `the hook \`${hook.command}\` (${file.scope}) seems to answer \`allow\`, which switches off the prompt and the classifier of Auto Mode`,
      `edit ${file.path}: let it print nothing instead`,
    ),
  ];
}

/** The texts of the files that a command line names. */
function scriptsIn(line: string, project: string): readonly string[] {
  const plain = line.replace(/\$\{?CLAUDE_PROJECT_DIR\}?/g, project).replace(/["'`]/g, '');
  const words = plain.match(/[^\s;|&()<>]+/g) ?? [];
  return words.flatMap((word) => {
    try {
      const path = resolve(project, word);
      const { size } = statSync(path);
      return size > LARGEST_SCRIPT ? [] : [readFileSync(path, 'latin1')];
    } catch {
      return [];
    }
  });
}
