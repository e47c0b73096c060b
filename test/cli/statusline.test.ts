import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeUser } from './built.ts';

let user: ReturnType<typeof makeUser>;
beforeEach(() => {
  user = makeUser();
});
afterEach(() => user.remove());

const settingsFile = () => join(user.project, '.claude/settings.json');
const session = '00000000-0000-4000-8000-000000000001';

/** What Claude Code shows: it runs the command of the setting in a shell. */
function shown(id = session, env: Readonly<Record<string, string>> = {}): string {
  const { statusLine } = JSON.parse(readFileSync(settingsFile(), 'utf8'));
  const input = { session_id: id, cwd: user.project, workspace: { project_dir: user.project } };
  const ran = spawnSync('sh', ['-c', statusLine.command], {
    env: { ...user.environment, ...env },
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  expect(ran.status).toBe(0);
  return ran.stdout;
}
const words = (text: string) => stripVTControlCharacters(text);

describe('the status line', () => {
  test('says that the guard is on, how many calls of this session were denied, and a thrown switch', async () => {
    user.run(['init', '--status-line']);
    expect(words(shown())).toBe('blastguard: on · nothing denied\n');
    await user.bash('terraform destroy');
    await user.bash('ls');
    await user.bash('aws rds delete-db-instance --db-instance-identifier orders');
    expect(words(shown())).toBe('blastguard: on · 2 denied\n');
    expect(words(shown('another'))).toBe('blastguard: on · nothing denied\n');
    user.run(['stop', '--reason', 'bad deploy']);
    expect(words(shown())).toBe('blastguard: HALTED (bad deploy)\n');
  });

  test('is coloured unless NO_COLOR is set', () => {
    user.run(['init', '--status-line']);
    expect(shown()).not.toBe(words(shown()));
    const plain = shown(session, { NO_COLOR: '1' });
    expect(plain).toBe(words(plain));
  });

  test('goes with uninstall, also when the file was changed in between', () => {
    mkdirSync(dirname(settingsFile()));
    writeFileSync(settingsFile(), '{\n  "model": "x"\n}\n');
    user.run(['init', '--status-line']);
    expect(user.run(['init']).stdout).toContain('already registered');
    const changed = readFileSync(settingsFile(), 'utf8').replace('"x"', '"y"');
    writeFileSync(settingsFile(), changed);
    user.run(['uninstall', '--yes']);
    expect(JSON.parse(readFileSync(settingsFile(), 'utf8'))).toEqual({ model: 'y' });
  });

  test("leaves somebody else's alone, and says so", () => {
    mkdirSync(dirname(settingsFile()));
    const text = '{"statusLine":{"type":"command","command":"date"}}\n';
    writeFileSync(settingsFile(), text);
    const { status, stderr } = user.run(['init', '--status-line']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/has a status line already/);
    expect(readFileSync(settingsFile(), 'utf8')).toBe(text);
  });

  test('names the stage of the rollout, and what the organisation halted', async () => {
    const shared = join(user.home, 'shared');
    mkdirSync(shared);
    user.run(['init', '--status-line']);
    const source = `kill-switch:\n  freshness: 1s\n  sources:\n    - path: ${shared}\n`;
    user.write(user.userFile, `${source}rollout:\n  stage: observe\n`);
    await user.bash('ls');
    expect(words(shown())).toMatch(/^blastguard: on · stage \S+ · nothing denied\n$/);
    writeFileSync(join(shared, 'org'), 'incident 42\n');
    await new Promise((done) => setTimeout(done, 1200));
    await user.bash('ls');
    expect(words(shown())).toMatch(/^blastguard: HALTED \(.*incident 42/);
  });
});
