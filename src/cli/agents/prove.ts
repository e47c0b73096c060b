import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../host/places.ts';
import type { Registration } from '../../protocol/registration.ts';
import { environmentIn, type Proof } from '../proof.ts';
import { isObject } from '../settings/read.ts';

/**
 * Runs what was registered as the agent would and sees that it stops `terraform destroy` and has no objection to `ls`,
 * in a directory of its own. Throws an Error that says what failed.
 */
export function proveAgent(
  registration: Registration,
  written: string,
  line: string,
  env: Environment,
): Proof {
  const dir = mkdtempSync(join(tmpdir(), 'blastguard-'));
  try {
    const run = registration.shape.kind === 'plugin' ? runPlugin(written, dir) : runLine(line);
    const ask = (command: string) => {
      const started = performance.now();
      const { status, stdout, stderr, error } = run(registration.sample(command, dir), {
        cwd: dir,
        env: environmentIn(dir, env),
        encoding: 'utf8',
        timeout: 30_000,
      });
      if (error !== undefined) throw new Error(`the hook cannot be run: ${error.message}`);
      return { status, said: stdout.trim(), complained: stderr.trim(), ms: performance.now() - started };
    };
    const deny = ask('terraform destroy');
    // It explains a denial on either channel; a guard that failed also blocks, and is no proof.
    if (
      !/terraform\/|terraform destroy/.test(deny.said + deny.complained) ||
      (deny.status !== 2 && !denies(deny.said))
    )
      throw new Error(
        `the hook does not stop \`terraform destroy\`: status ${deny.status}, ${deny.said || deny.complained}`,
      );
    const pass = ask('ls');
    if (pass.status !== 0 || !/^(?:\{\})?$/.test(pass.said))
      throw new Error(`the hook objects to \`ls\`: status ${pass.status}, ${pass.said || pass.complained}`);
    return { deny: deny.ms, pass: pass.ms };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

type Run = (payload: object, options: Options) => SpawnSyncReturns<string>;
type Options = { cwd: string; env: Record<string, string | undefined>; encoding: 'utf8'; timeout: number };

const runLine =
  (line: string): Run =>
  (payload, options) =>
    spawnSync(line, { ...options, shell: true, input: JSON.stringify(payload) });

/** Loads a plugin as its host does; a call that it stops ends with status 2. */
function runPlugin(text: string, dir: string): Run {
  const file = join(dir, 'plugin.mjs');
  writeFileSync(file, text);
  const script = `import(${JSON.stringify(pathToFileURL(file).href)}).then(async ({ Blastguard }) => {
    const { args, directory, ...input } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const hooks = await Blastguard({ directory });
    await hooks['tool.execute.before'](input, { args });
  }).catch((error) => { console.error(error.message); process.exitCode = 2; });`;
  return (payload, options) =>
    spawnSync(process.execPath, ['-e', script], { ...options, input: JSON.stringify(payload) });
}

function denies(said: string): boolean {
  try {
    const answer: unknown = JSON.parse(said);
    if (!isObject(answer)) return false;
    const { hookSpecificOutput: own = {} } = answer;
    const verdicts = [answer.decision, answer.permission, answer.permissionDecision];
    return [...verdicts, isObject(own) ? own.permissionDecision : undefined].includes('deny');
  } catch {
    return false;
  }
}
