import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, bash, makePlace, play } from './golden/play.ts';

const root = resolve(import.meta.dirname, '..');
const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-package-')));
const home = join(top, 'home');
const project = join(home, 'project');
// A registry that nobody serves: what needs the network fails.
const env = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: home,
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_update_notifier: 'false',
};
let tarball = '';

function run(program: string, args: readonly string[], cwd = project): string {
  const ran = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** The verdict of the hook that the settings of a project name. */
async function verdictOf(command: string) {
  const settings = JSON.parse(readFileSync(join(project, '.claude/settings.json'), 'utf8'));
  const [entry] = settings.hooks.PreToolUse[0].hooks;
  const place = makePlace();
  const played = await play([entry.command, ...entry.args], {
    environment: place.environment,
    input: bash(place, command),
  });
  place.remove();
  return { entry, verdict: answerOf(played).verdict };
}

beforeAll(() => {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{"private":true}\n');
  // The build is there: `--ignore-scripts` keeps two tests from building at once.
  const [packed] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', top, root]),
  );
  tarball = join(top, packed.filename);
}, 60_000);
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe('the npm package', () => {
  test('holds the program, its policy and what an editor needs, and nothing else', () => {
    const names = run('tar', ['-tzf', tarball]).trim().split('\n');
    const found = names.map((name) => name.replace(/^package\//, '')).sort();
    const built = readdirSync(join(root, 'dist')).filter((name) => /\.(cjs|dat|html|json|txt)$/.test(name));
    const policies = readdirSync(join(root, 'policies')).filter((name) => name.endsWith('.yaml'));
    const expected = [
      'LICENSE',
      'README.md',
      'package.json',
      ...built.map((name) => `dist/${name}`),
      'docs/blastguard.1',
      'docs/config.schema.json',
      'docs/pack.schema.json',
      'hooks/blastguard-hook',
      'hooks/kill-switch.sh',
      ...policies.map((name) => `policies/${name}`),
    ];
    expect(found).toEqual(expected.sort());
  });

  test('is installed without the network, brings no other package, and its init guards the project', async () => {
    run('npm', ['install', '--offline', tarball]);
    const packages = readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['blastguard']);
    expect(run('npx', ['blastguard', 'init'])).toContain('proven');
    expect(await verdictOf('terraform destroy')).toMatchObject({ verdict: 'deny' });
    expect(await verdictOf('ls | head')).toMatchObject({ verdict: 'pass' });
    expect(run('npx', ['blastguard', 'test', 'node_modules/blastguard/policies/terraform.yaml'])).toContain(
      ' 0 not',
    );
  }, 120_000);

  test('when it is installed globally, `man` finds its page', () => {
    const prefix = join(top, 'global');
    run('npm', ['install', '--offline', '--global', '--prefix', prefix, tarball]);
    const page = readFileSync(join(prefix, 'share/man/man1/blastguard.1'), 'utf8');
    expect(page).toContain('.SS blastguard init');
  }, 60_000);

  test('when npx alone runs it, init registers a copy that outlasts the cache of npm', async () => {
    rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    rmSync(join(project, '.claude'), { recursive: true, force: true });
    run('npx', ['--offline', '--yes', `--package=${tarball}`, '--', 'blastguard', 'init']);
    rmSync(join(home, '.npm'), { recursive: true, force: true });
    const denied = await verdictOf('terraform destroy');
    expect(denied.verdict).toBe('deny');
    expect(denied.entry.command).toBe(join(home, '.local/share/blastguard/0.1.0/hooks/blastguard-hook'));
  }, 60_000);
});
