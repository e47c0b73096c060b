import { describe, expect, test } from 'vitest';
import { commandsIn, readLine } from './pretend.ts';

const files = {
  '/home/dev/project/curlrc':
    '# options\nurl = "https://api.example.com/x"\nrequest = DELETE\n-s\nheader: "A: b"\n',
  '/home/dev/project/list': 'orders\nusers\n',
  '/home/dev/project/rc': 'dropdb orders\n',
  '/home/dev/project/tools/wipe.sh': 'dropdb orders\n',
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

  test.each([
    'cp rc x.sh; sh x.sh',
    'cp rc /tmp/; sh /tmp/rc',
    'cp -t /tmp rc; sh /tmp/rc',
    'mv rc x.sh && ./x.sh',
    'mv tools t; sh t/wipe.sh',
    'cp -r tools /tmp/t; (cd /tmp/t && sh wipe.sh)',
    'install -m 755 rc ./x; ./x',
    'ln rc x; sh x',
    'ln -s tools/wipe.sh x; ./x',
    'ln -s ../project/tools t; sh t/wipe.sh',
    "install -m 755 /dev/stdin x <<< 'dropdb orders'; ./x",
    "dd of=x.sh <<< 'dropdb orders'; sh x.sh",
    'dd if=rc of=x.sh bs=1M; sh x.sh',
    'echo createdb orders > x; sed -i s/create/drop/ x; sh x',
    'docker run -v "$PWD:/w" alpine sh /w/rc',
    'docker run -v "$PWD/tools:/w:ro" -w /w alpine sh wipe.sh',
  ])('%s runs what lay under another name', (line) => {
    expect(runs(line)).toContain('dropdb orders');
  });

  test.each([
    'echo ls > x; cp x rc; sh rc',
    'echo ls | dd of=rc; sh rc',
    'sed -i s/dropdb/createdb/ rc; sh rc',
    'docker run -v /srv:/w alpine sh /w/rc',
  ])('%s does not', (line) => {
    expect(runs(line)).not.toContain('dropdb orders');
  });

  test.each([
    "exec 3<<< 'dropdb orders'; bash <&3",
    'exec 3< rc; bash <&3',
    'exec < rc; bash',
    'exec 3< <(echo dropdb orders); sh <&3',
    "bash /dev/fd/3 3<<< 'dropdb orders'",
    "bash /dev/fd/4 4<<'E'\ndropdb orders\nE",
    "source /dev/stdin <<< 'dropdb orders'",
    "bash /proc/self/fd/0 <<< 'dropdb orders'",
  ])('%s reads it from a descriptor', (line) => {
    expect(runs(line)).toContain('dropdb orders');
  });

  test('a script that is given its words runs what they choose', () => {
    const script = 'case "$1" in up) npm start;; down) dropdb orders;; *) echo usage;; esac\n';
    const world = { files: { '/home/dev/project/run': script } };
    expect(commandsIn('./run up', world)).toEqual(['./run up', 'npm start']);
    expect(commandsIn('sh run down', world)).toEqual(['sh run down', 'dropdb orders']);
    expect(commandsIn('sh run DOWN', world)).toContain('dropdb orders');
    expect(commandsIn('sh run $X', world)).toContain('dropdb orders');
  });

  test('what a descriptor gave is gone', () => {
    const { doubts } = readLine("exec 3<<< 'dropdb orders'; cat <&3; bash <&3");
    expect(doubts.map(({ why }) => why)).toEqual([expect.stringContaining('what is left of a text')]);
    expect(runs('(exec < rc; bash); bash')).toEqual(['exec', 'bash', 'dropdb orders']);
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
