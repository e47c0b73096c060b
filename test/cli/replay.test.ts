import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HistoryReader, transcriptCalls } from '../../src/rollout/history.ts';
import { makeUser } from './built.ts';

const user = makeUser();
afterAll(user.remove);

const commands = (shell: 'bash' | 'zsh' | 'fish', text: string) => {
  const reader = new HistoryReader(shell, '/');
  return [...text.split('\n').flatMap((line) => reader.add(line)), ...reader.end()].map(({ call, time }) => [
    call.input.command,
    time,
  ]);
};

describe('histories are read as shells write them', () => {
  test.each<['bash' | 'zsh' | 'fish', string, unknown[][]]>([
    [
      'bash',
      'ls -la\n\nterraform destroy\n',
      [
        ['ls -la', undefined],
        ['terraform destroy', undefined],
      ],
    ],
    [
      'bash',
      '#1700000000\nfor i in a; do\n  echo $i\ndone\n#1700000060\nls',
      [
        ['for i in a; do\n  echo $i\ndone', 1700000000000],
        ['ls', 1700000060000],
      ],
    ],
    [
      'bash',
      '# a comment\n#12',
      [
        ['# a comment', undefined],
        ['#12', undefined],
      ],
    ],
    [
      'zsh',
      ': 1700000000:0;ls -la\n: 1700000001:12;echo a\\\necho b\n',
      [
        ['ls -la', 1700000000000],
        ['echo a\necho b', 1700000001000],
      ],
    ],
    [
      'zsh',
      'ls\necho "a;b"\n',
      [
        ['ls', undefined],
        ['echo "a;b"', undefined],
      ],
    ],
    [
      'fish',
      '- cmd: ls -la\n  when: 1700000000\n  paths:\n    - a\n- cmd: echo a\\necho b \\\\n\n  when: 1700000001\n',
      [
        ['ls -la', 1700000000000],
        ['echo a\necho b \\n', 1700000001000],
      ],
    ],
  ])('%s: %j', (shell, text, expected) => {
    expect(commands(shell, text)).toEqual(expected);
  });

  test.each([
    '',
    'no json "tool_use"',
    '{"type":"user","message":"\\"tool_use\\""}',
    '{"type":"assistant","message":{"content":[{"type":"tool_use"}]}}',
  ])('a line of a transcript without a call: %s', (line) =>
    expect(transcriptCalls(line, Date.parse)).toEqual([]),
  );
});

const file = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const said = (command: string, day: string) =>
  JSON.stringify({
    type: 'assistant',
    cwd: user.project,
    sessionId: 's',
    timestamp: `2026-11-${day}T12:00:00Z`,
    message: {
      content: [
        { type: 'text', text: 'ok' },
        { type: 'tool_use', id: 't', name: 'Bash', input: { command } },
      ],
    },
  });

describe('blastguard replay', () => {
  beforeAll(async () => {
    file(
      join(user.home, '.claude/projects/-p/a.jsonl'),
      [
        said('ls', '01'),
        said('terraform destroy', '10'),
        said('terraform destroy', '11'),
        '{"torn',
        said('kubectl apply -f x', '12'),
      ].join('\n'),
    );
    file(join(user.home, '.bash_history'), 'rm -rf /\necho hello\n');
    await user.bash('ls -la');
    await user.bash('aws rds delete-db-instance --db-instance-identifier x');
  });
  const answer = (...args: string[]) => JSON.parse(user.run(['replay', '--json', ...args]).stdout);

  test('reads transcripts, histories and the log, and says what would have become of each call', () => {
    const found = answer();
    expect(found.files.map(({ kind }: { kind: string }) => kind)).toEqual(['transcript', 'log', 'bash']);
    expect(found).toMatchObject({ calls: 8, verdicts: { deny: 4, ask: 0, pass: 4 } });
    expect(found.rules).toContainEqual({
      rule: 'terraform/destroy',
      verdict: 'deny',
      count: 2,
      examples: ['terraform destroy'],
    });
    expect(found.projects[user.project]).toMatchObject({ deny: 3, pass: 3 });
  });

  test('is limited to a kind, a file and a time', () => {
    expect(answer('--history').calls).toBe(2);
    expect(answer('--log').calls).toBe(2);
    expect(answer(join(user.home, '.bash_history')).calls).toBe(2);
    expect(answer('--transcripts', '--since', '2026-11-11').calls).toBe(2);
  });

  test('shows what a stage or another policy would decide differently', () => {
    const policy = join(user.home, 'team.yaml');
    writeFileSync(policy, 'decisions: { terraform/destroy: ask }\n');
    const found = answer('--transcripts', '--policy', 'built-in', '--against', policy);
    expect(found.differences).toEqual([
      expect.objectContaining({
        call: 'Bash terraform destroy',
        count: 2,
        before: expect.objectContaining({ verdict: 'deny' }),
        after: expect.objectContaining({ verdict: 'ask' }),
      }),
    ]);
    const stage = user.run(['replay', '--transcripts', '--policy', 'built-in', '--against', 'staging']);
    expect(stage.stdout).toMatch(/1 {2}pass → deny rollout\/staging {2}Bash kubectl apply -f x/);
  });

  test.each([
    [['--policy', 'nowhere.yaml'], 64, 'neither a file nor a stage'],
    [['--since', 'x'], 64, 'neither a time span'],
    [['nowhere.jsonl'], 64, 'no such file'],
  ])('%j says what is wrong', (args, status, words) => {
    expect(user.run(['replay', ...args])).toMatchObject({ status, stderr: expect.stringContaining(words) });
  });

  test('nothing there: says so', () => {
    expect(user.run(['replay'], { HOME: '/nonexistent', XDG_STATE_HOME: '/nonexistent' }).stdout).toBe(
      'no history was found\n',
    );
  });

  test('100,000 calls, of which a fifth are unlike any other, take less than 20 s', () => {
    const lines = Array.from({ length: 100_000 }, (_, i) =>
      said(
        i % 5 === 0
          ? `git log --oneline -n ${i} | head -3 && echo "$HOME ${i}"`
          : (['ls -la', 'npm test', 'terraform plan', 'cat a | grep b'][i % 4] ?? ''),
        '02',
      ),
    );
    const path = join(user.home, 'many.jsonl');
    writeFileSync(path, lines.join('\n'));
    const found = answer(path);
    expect(found.calls).toBe(100_000);
    expect(found.took).toBeLessThan(20_000);
  }, 120_000);
});
