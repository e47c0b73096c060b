import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeUser } from './built.ts';

let user = makeUser();
beforeEach(() => {
  user = makeUser();
});
afterEach(() => user.remove());

const loosening = 'decisions:\n  terraform/destroy: pass\n';
const trust = () => user.run(['trust', '--yes']);

describe('blastguard trust', () => {
  test('puts in force what a project’s file loosens, until the file changes', async () => {
    user.write(user.projectFile, loosening);
    const before = await user.bash('terraform destroy');
    expect(before).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('not trusted') });
    expect(trust()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('  terraform/destroy: pass\n'),
    });
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
    expect(user.records().at(-1)).toMatchObject({
      verdict: 'pass',
      excused: [{ rule: 'terraform/destroy', by: 'decision', level: 'project' }],
    });

    user.write(user.projectFile, `${loosening}  terraform/apply: pass\n`);
    const changed = await user.bash('terraform destroy');
    expect(changed).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('has changed since') });
    expect(user.run(['status']).stdout).toContain('changed since it was trusted');
    const again = trust();
    expect(again.stdout).toContain('+  terraform/apply: pass\n');
    expect(again.stdout).toContain('   terraform/destroy: pass\n');
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');

    user.write(user.projectFile, loosening);
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
  });

  test('what a file tightens is in force without it', async () => {
    user.write(
      user.projectFile,
      'rules:\n  - {id: own/deploy, title: t, severity: high, decision: deny, match: [make deploy], reason: r, instead: i, examples: {}}\n',
    );
    expect(await user.bash('make deploy')).toMatchObject({
      verdict: 'deny',
      reason: expect.stringContaining('own/deploy'),
    });
    expect((await user.bash('make test')).verdict).toBe('pass');
  });

  test('covers the packs that the file names, and no file outside the project', async () => {
    const pack =
      'pack: team\ntitle: t\nrules:\n  - {id: team/x, title: t, severity: high, decision: deny, match: [frob], reason: r, instead: i, examples: {}}\n';
    user.write(user.projectFile, `packs: [team.yaml]\n${loosening}`);
    const file = join(user.project, 'team.yaml');
    writeFileSync(file, pack);
    expect(trust().stdout).toContain('id: team/x');
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
    expect((await user.bash('frob')).verdict).toBe('deny');
    writeFileSync(file, pack.replace('[frob]', '[frobnicate]'));
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
    expect((await user.bash('frobnicate')).verdict).toBe('deny');

    user.write(user.projectFile, 'packs: [/etc/passwd]\n');
    expect(await user.bash('terraform destroy')).toMatchObject({
      reason: expect.stringContaining('does not lie in the project'),
    });
  });

  // `script` of util-linux makes the terminal.
  test.skipIf(process.platform !== 'linux')('asks a person at a terminal', async () => {
    user.write(user.projectFile, loosening);
    expect(await user.type(['trust'], 'n')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('not trusted'),
    });
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
    expect((await user.type(['trust'], 'y')).status).toBe(0);
    expect((await user.bash('terraform destroy')).verdict).toBe('pass');
  });

  test('can be withdrawn', async () => {
    user.write(user.projectFile, loosening);
    trust();
    expect(user.run(['trust', '--withdraw', '--yes']).status).toBe(0);
    expect((await user.bash('terraform destroy')).verdict).toBe('deny');
  });

  test.each(['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID'])('is refused inside Claude Code (%s)', (name) => {
    user.write(user.projectFile, loosening);
    expect(user.run(['trust', '--yes'], { [name]: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('only a person'),
    });
    expect(existsSync(join(user.state, 'trust'))).toBe(false);
  });

  test('is refused without a terminal and --yes, for a broken file, and where there is none', () => {
    expect(user.run(['trust', '--yes'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no .blastguard.yaml'),
    });
    user.write(user.projectFile, loosening);
    expect(user.run(['trust'])).toMatchObject({ status: 1, stderr: expect.stringContaining('pass --yes') });
    user.write(user.projectFile, 'decisons: {}\n');
    expect(trust()).toMatchObject({ status: 1, stderr: expect.stringContaining('did you mean `decisions`') });
  });

  test('shows nothing that could drive the terminal', () => {
    user.write(user.projectFile, '# \u001b[2J\ndecisions: {}\n');
    expect(trust().stdout).toContain('\\u{1b}[2J');
  });

  test('the agent may neither run it nor write the file', async () => {
    for (const command of ['blastguard trust', 'echo a > .blastguard.yaml', 'rm -f .blastguard.yaml'])
      expect((await user.bash(command)).verdict).toBe('deny');
    expect((await user.call('Write', { file_path: user.projectFile, content: loosening })).verdict).toBe(
      'deny',
    );
  });
});
