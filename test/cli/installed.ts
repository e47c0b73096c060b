import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** An installed copy of the package, whose hook is a stand-in: it denies what mentions `terraform destroy`. */
export type Installed = {
  readonly top: string;
  readonly package: string;
  readonly home: string;
  readonly project: string;
  readonly state: string;
  run(args: readonly string[], options?: Options): { status: number | null; stdout: string; stderr: string };
  start(args: readonly string[]): ReturnType<typeof spawn>;
  remove(): void;
};

type Options = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

export const GOOD_HOOK = `
const payload = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const deny = { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'no' } };
if (/terraform destroy/.test(payload.tool_input.command)) process.stdout.write(JSON.stringify(deny));
process.exitCode = process.env.BLASTGUARD_LAUNCHER === '1' ? 100 : 0;
`;

export function install(): Installed {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-cli-')));
  const [pack, home, project] = ['package', 'home', 'home/project'].map((name) => join(top, name)) as [
    string,
    string,
    string,
  ];
  const state = join(top, 'state');
  mkdirSync(join(pack, 'dist'), { recursive: true });
  mkdirSync(join(project, '.git'), { recursive: true });
  cpSync(join(root, 'hooks'), join(pack, 'hooks'), { recursive: true });
  cpSync(join(root, 'package.json'), join(pack, 'package.json'));
  writeFileSync(join(pack, 'dist/hook.cjs'), GOOD_HOOK);
  const cli = join(pack, 'dist/cli.cjs');
  buildSync({
    entryPoints: [join(root, 'src/cli.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    define: { BINARY: 'false' },
    external: ['./*.cjs'], // what the build puts beside it
    outfile: cli,
    logLevel: 'error',
  });
  const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: home, BLASTGUARD_STATE_DIR: state };
  return {
    top,
    package: pack,
    home,
    project,
    state,
    run(args, { cwd = project, env = {} } = {}) {
      const options = { cwd, env: { ...environment, ...env }, input: '', encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], options);
      return { status, stdout, stderr };
    },
    start: (args) => spawn(process.execPath, [cli, ...args], { cwd: project, env: environment }),
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}
