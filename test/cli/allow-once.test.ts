import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/host/sha256.ts';
import { makeUser } from './built.ts';

let user = makeUser();
beforeEach(() => {
  user = makeUser();
});
afterEach(() => user.remove());

const codeIn = (notice: string) => /allow-once ([0-9a-f]{8})/.exec(notice)?.[1] ?? 'none';
const allow = (code: string) => user.run(['allow-once', code, '--yes']);
const denied = async (command: string) => codeIn((await user.bash(command)).notice);

describe('blastguard allow-once', () => {
  test('lets exactly one call through, once, and the record says so', async () => {
    const code = await denied('terraform destroy');
    expect(user.run(['allow-once', '--yes']).stdout).toMatch(
      new RegExp(`^${code}.*terraform destroy.*\\[terraform/destroy\\]`),
    );
    expect(allow(code)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Bash: terraform destroy'),
    });
    expect((await user.bash('terraform destroy ')).verdict).toBe('deny');
    expect((await user.call('Bash', { command: 'terraform destroy', run_in_background: true })).verdict).toBe(
      'deny',
    );
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
    expect(user.records().at(-1)).toMatchObject({
      verdict: 'pass',
      rules: [],
      excused: [{ rule: 'terraform/destroy', by: 'allow-once' }],
    });
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
  });

  test('shows what a call writes, and lets through that content alone', async () => {
    const file = join(user.project, 'terraform.tfstate');
    const write = (content: string) => user.call('Write', { file_path: file, content });
    const code = codeIn((await write('{\n  "serial": 7\n}')).notice);
    const { stdout } = allow(code);
    expect(stdout).toContain(`Write: ${file}`);
    expect(stdout).toContain('+   "serial": 7');
    expect((await write('{}')).verdict).toBe('deny');
    expect((await write('{\n  "serial": 7\n}')).verdict).toBe('pass');
    const edit = { file_path: file, old_string: '"serial": 7', new_string: '"serial": 8', replace_all: true };
    const shown = allow(codeIn((await user.call('Edit', edit)).notice)).stdout;
    expect(shown).toMatch(/- "serial": 7\n.*\+ "serial": 8\n.*\{"replace_all":true\}/s);
    expect(codeIn((await write('x'.repeat(40_000))).notice)).toBe('none');
    expect(codeIn((await user.call('mcp__x__delete_project', { a: 'x'.repeat(9000) })).notice)).toBe('none');
  });

  test('of many that run at once, one gets it', async () => {
    allow(await denied('terraform destroy'));
    const answers = await Promise.all(Array.from({ length: 12 }, () => user.bash('terraform destroy')));
    expect(answers.filter(({ verdict }) => verdict === 'pass').length).toBe(1);
    expect(answers.filter(({ verdict }) => verdict === 'deny').length).toBe(11);
  });

  test('only where the call was denied', async () => {
    allow(await denied('cd sub && terraform destroy'));
    const elsewhere = { cwd: user.home };
    const payload = {
      ...elsewhere,
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'cd sub && terraform destroy' },
      permission_mode: 'auto',
      session_id: 's',
    };
    expect((await user.hook(JSON.stringify(payload))).verdict).toBe('deny');
  });

  test('for ten minutes', async () => {
    allow(await denied('terraform destroy'));
    const dir = join(user.state, 'allow-once');
    const [name = ''] = readdirSync(dir);
    const unlock = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    expect(unlock.until - Date.now()).toBeGreaterThan(9 * 60_000);
    for (const until of [Date.now() - 1, Date.now() + 3_600_000]) {
      writeFileSync(join(dir, name), JSON.stringify({ ...unlock, until }));
      expect((await user.bash('terraform destroy')).verdict).toBe('deny');
    }
  });

  test('never for what guards the guard, and never over the kill switch', async () => {
    expect(await denied('blastguard resume')).toBe('none');
    expect(await denied('terraform destroy && blastguard resume')).toBe('none');
    const code = await denied('terraform destroy');
    allow(code);
    user.run(['stop']);
    const halted = await user.bash('terraform destroy');
    expect(halted).toMatchObject({ verdict: 'deny', stops: true });
    expect(codeIn(halted.notice)).toBe('none');
    user.run(['resume', '--yes']);
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
  });

  test('the model is told nothing of it', async () => {
    const { reason, notice } = await user.bash('terraform destroy');
    expect(reason).not.toContain('allow-once');
    expect(notice).toContain('allow-once');
  });

  test.each(['CLAUDECODE', 'CLAUDE_PID'])('is refused inside Claude Code (%s)', async (name) => {
    const code = await denied('terraform destroy');
    expect(user.run(['allow-once', code, '--yes'], { [name]: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('only a person'),
    });
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
  });

  test('wants a code of a call that was denied', () => {
    expect(allow('zz').status).toBe(64);
    expect(allow('0123abcd')).toMatchObject({ status: 1, stderr: expect.stringContaining('no denied call') });
    expect(user.run(['allow-once']).status).toBe(1);
  });
});

test.each([0, 1, 55, 56, 63, 64, 65, 1000, 4000, 5000])('SHA-256 of %i characters', (length) => {
  const text = 'aé\u{1f512}'.repeat(length).slice(0, length);
  expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
});
