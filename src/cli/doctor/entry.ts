import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { faultText } from '../fault.ts';
import { prove } from '../proof.ts';
import type { HookEntry } from '../settings/entry.ts';
import { type HookFile, substituted } from '../settings/found.ts';
import { isObject, ownPlaces } from '../settings/read.ts';
import { versionText } from '../version.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Longer than this a person feels, at every call. */
const SLOW_MS = 500;

/** Does each registered entry start, how long does it take, does it deny a probe? */
export const entry: CheckGroup = {
  name: 'entry',
  run: ({ files, terminal }: Patient) =>
    files.flatMap((file) =>
      ownPlaces(file.settings, 'PreToolUse').flatMap((place) => findingsOf(file, place.entry, terminal.env)),
    ),
};

function findingsOf(file: HookFile, hook: unknown, env: Patient['terminal']['env']): readonly Finding[] {
  const scope = file.scope === 'project' || file.scope === 'plugin' ? '' : ` --${file.scope}`;
  const mend =
    file.scope === 'plugin' ? 'claude plugin update blastguard@blastguard' : `blastguard init${scope}`;
  const registered = entryOf(file, hook);
  if (registered === undefined) return [fail(`${file.path}: the entry is not what init writes`, mend)];
  const found: Finding[] = [];
  try {
    const { deny, pass } = prove(registered, env);
    const says = `denies \`terraform destroy\` in ${deny.toFixed(0)} ms, is silent about \`ls\` in ${pass.toFixed(0)} ms`;
    const slow = pass > SLOW_MS;
    found.push(slow ? warn(`slow: ${says}`, 'run it again while the machine is idle') : ok(says));
  } catch (error) {
    found.push(fail(faultText(error), mend));
  }
  if (registered.onFailure !== 'block')
    found.push(warn('a crash of it lets the call pass: `onFailure` is not "block"', mend));
  return [...found, ...nodeFindings(registered, mend), ...versionFindings(registered, mend)];
}

function entryOf(file: HookFile, hook: unknown): HookEntry | undefined {
  if (!isObject(hook) || typeof hook.command !== 'string' || !Array.isArray(hook.args)) return undefined;
  const args = hook.args.filter((arg) => typeof arg === 'string').map((arg) => substituted(arg, file));
  const timeout = typeof hook.timeout === 'number' ? hook.timeout : 600;
  const command = substituted(hook.command, file);
  // What is asserted of `onFailure` is looked at afterwards.
  return { ...(hook as HookEntry), command, args, timeout };
}

/** The launcher goes on with the node on PATH when the one that `init` saw is gone. */
function nodeFindings({ args: [node] }: HookEntry, mend: string): readonly Finding[] {
  if (node === undefined || !/(^|[\\/])node(\.exe)?$/.test(node)) return [];
  const { stdout, error } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (error !== undefined)
    return isAbsolute(node) ? [warn(`\`${node}\` is gone; the node on the PATH is used`, mend)] : [];
  const [major = 0, minor = 0] = stdout.trim().slice(1).split('.').map(Number);
  const old = major < 20 || (major === 20 && minor < 19);
  return old ? [fail(`\`${node}\` is ${stdout.trim()}; 20.19 or newer is needed`, mend)] : [];
}

function versionFindings({ command, args }: HookEntry, mend: string): readonly Finding[] {
  const [binary, word] = args;
  if (binary !== undefined && word === 'hook') {
    const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
    if (stdout === versionText()) return [];
    return [warn(`it is ${stdout?.trim()} in ${binary}; this is ${versionText().trim()}`, mend)];
  }
  try {
    const root = dirname(dirname(command));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    if (version === packageJson.version) return [];
    return [warn(`it is version ${version} in ${root}; this is ${packageJson.version}`, mend)];
  } catch {
    return [];
  }
}
