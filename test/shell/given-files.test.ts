import { describe, expect, test } from 'vitest';
import { commandsIn, readLine } from './pretend.ts';

const files = {
  '/home/dev/project/curlrc':
    '# options\nurl = "https://api.example.com/x"\nrequest = DELETE\n-s\nheader: "A: b"\n',
  '/home/dev/project/list': 'orders\nusers\n',
  '/home/dev/project/rc': 'dropdb orders\n',
};
const runs = (line: string) => commandsIn(line, { files });

describe('files that a program takes its arguments or its start from', () => {
  test.each<[string, string]>([
    ['curl -K curlrc', 'curl --url https://api.example.com/x --request DELETE -s --header A: b'],
    ['curl -sK curlrc -v', 'curl -s --url https://api.example.com/x --request DELETE -s --header A: b -v'],
    ['curl --config=curlrc', 'curl --url https://api.example.com/x --request DELETE -s --header A: b'],
    ["echo 'request = DELETE' > c; curl -K c https://x", 'curl --request DELETE https://x'],
    ["echo 'request = DELETE' | curl -K - https://x", 'curl --request DELETE https://x'],
    ['xargs -a list dropdb', 'dropdb orders users'],
    ['xargs --arg-file=list -n1 dropdb', 'dropdb users'],
    ['parallel -a list dropdb', 'dropdb users'],
    ['parallel dropdb :::: list', 'dropdb users'],
    ['echo terraform destroy > f; xargs -a f env', 'terraform destroy'],
    ['env -S "terraform destroy"', 'terraform destroy'],
    ['bash --rcfile rc -i', 'dropdb orders'],
    ['bash --rcfile rc', 'dropdb orders'],
    ['BASH_ENV=rc bash -c true', 'dropdb orders'],
    ['export BASH_ENV=rc; bash x.sh', 'dropdb orders'],
    ['env BASH_ENV=rc bash -c true', 'dropdb orders'],
  ])('%s', (line, command) => {
    expect(runs(line)).toContain(command);
  });

  test('an rc file is not read by a shell that runs a text', () => {
    expect(runs('bash --rcfile rc -c true')).not.toContain('dropdb orders');
  });
});

describe('what the line wrote goes with its commands', () => {
  const last = (line: string) => readLine(line).commands.at(-1);

  test('files, as they are when the command runs', () => {
    const { commands } = readLine('echo one > a.sql; psql -f a.sql; echo two > a.sql; psql -f a.sql');
    const contents = commands
      .filter(({ words }) => words.length === 3)
      .map(({ files: written }) => written?.get('/home/dev/project/a.sql'));
    expect(contents).toEqual(['one\n', 'two\n'].map((text) => ({ kind: 'known', text })));
  });

  test('each turn of a loop with its own', () => {
    const { commands } = readLine(
      'for q in "select 1" "drop table x"; do echo "$q" > a.sql; psql -f a.sql; done',
    );
    expect(commands.filter(({ words }) => words.length === 3).length).toBe(2);
  });

  test('nothing where it wrote nothing', () => {
    expect(last('true; psql -f a.sql')).not.toHaveProperty('files');
    expect(last('true; rm x')).not.toHaveProperty('links');
  });

  test.each<[string, Record<string, string>]>([
    ['ln -s / l; true', { '/home/dev/project/l': '/' }],
    ['ln -sfn ../x l; true', { '/home/dev/project/l': '/home/dev/x' }],
    ['ln -s /etc; true', { '/home/dev/project/etc': '/etc' }],
    ['ln --symbolic -t d /a/b; true', { '/home/dev/project/d/b': '/a/b' }],
  ])('links: %s', (line, links) => {
    expect(Object.fromEntries(last(line)?.links ?? [])).toEqual(links);
  });
});
