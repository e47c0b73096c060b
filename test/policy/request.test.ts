import { describe, expect, test } from 'vitest';
import { gatherFacts } from '../../src/host/facts.ts';
import type { Certainty } from '../../src/model/certainty.ts';
import { programNames } from '../../src/model/program.ts';
import type { Word } from '../../src/model/word.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { documentsOf, mutationFields } from '../../src/policy/graphql.ts';
import { loadPack } from '../../src/policy/load.ts';
import { matchRule, readArguments } from '../../src/policy/match.ts';
import { readCommands } from '../../src/shell/read.ts';
import { readers } from '../shell/readers.ts';

const facts = gatherFacts(
  {
    event: 'PreToolUse',
    tool: 'Bash',
    input: {},
    cwd: '/srv/project',
    permissionMode: 'auto',
    sessionId: 'test',
  },
  { HOME: '/home/dev' },
);

/** How certainly the first command of a line makes a request of the shape. */
function asked(shape: string, line: string, program = 'curl', match = program): Certainty {
  const pack = loadPack(
    'requests.yaml',
    `
pack: requests
title: Requests
tools:
  - programs: [curl]
    values: [-X, --request, -d, --data, --data-raw, --data-urlencode, --json, -F, -H, -T, --url, --unix-socket]
    switches: [-s, -G, -I, --next]
  - programs: [wget]
    values: [--method, --post-data, --body-data]
  - programs: [http]
    values: [--auth]
    switches: [--json]
  - programs: [gh]
    values: [-X, --method, -f, -F]
  - programs: [invoke-restmethod]
    style: plain
    values: [-Method, -Uri, -Body]
rules:
  - id: requests/one
    title: One
    severity: low
    decision: ask
    match: [${match}]
    when:
      - request: ${shape}
    reason: r
    instead: i
    examples: {}
`,
  );
  const tool = compilePolicy([pack]).tools.get(program);
  const command = readCommands(line, 'shell', facts, () => {}, readers).commands.find(({ words }) =>
    namesOf(words[0]).includes(program),
  );
  const rule = tool?.rules[0];
  if (tool === undefined || rule === undefined || command === undefined)
    throw new Error(`\`${line}\` does not run ${program}`);
  return matchRule(rule, tool, command, readArguments(tool, command, facts), facts);
}

const namesOf = (word: Word | undefined): readonly string[] =>
  word === undefined ? [] : (programNames(word) ?? []);

describe('the method', () => {
  test.each<[line: string, program: string, method: string]>([
    ['curl https://a.example/x', 'curl', 'GET'],
    ['curl -X DELETE https://a.example/x', 'curl', 'DELETE'],
    ['curl -XDELETE https://a.example/x', 'curl', 'DELETE'],
    ['curl -sX delete https://a.example/x', 'curl', 'DELETE'],
    ['curl --request=DELETE https://a.example/x', 'curl', 'DELETE'],
    ['curl -X GET -X DELETE https://a.example/x', 'curl', 'DELETE'],
    ['curl -d a=1 https://a.example/x', 'curl', 'POST'],
    ["curl --json '{}' https://a.example/x", 'curl', 'POST'],
    ['curl -F f=@x https://a.example/x', 'curl', 'POST'],
    ['curl -G -d a=1 https://a.example/x', 'curl', 'GET'],
    ['curl -I https://a.example/x', 'curl', 'HEAD'],
    ['curl -T f https://a.example/x', 'curl', 'PUT'],
    ['wget https://a.example/x', 'wget', 'GET'],
    ['wget --method=DELETE https://a.example/x', 'wget', 'DELETE'],
    ['wget --post-data a=1 https://a.example/x', 'wget', 'POST'],
    ['http a.example/x', 'http', 'GET'],
    ['http delete a.example/x', 'http', 'DELETE'],
    ['http a.example/x name=1', 'http', 'POST'],
    ['http a.example/x q==1 X-A:1', 'http', 'GET'],
    ['http --auth me:you PUT a.example/x name=1', 'http', 'PUT'],
    ['gh api repos/o/r', 'gh', 'GET'],
    ['gh api repos/o/r/issues -f title=x', 'gh', 'POST'],
    ['gh api -X GET search/issues -f q=x', 'gh', 'GET'],
    ['gh api repos/o/r --method delete', 'gh', 'DELETE'],
    ['Invoke-RestMethod -Uri https://a.example/x -Method Delete', 'invoke-restmethod', 'DELETE'],
    ['Invoke-RestMethod https://a.example/x -Body x', 'invoke-restmethod', 'POST'],
  ])('of `%s`, run by %s, is %s', (line, program, method) => {
    const match = program === 'gh' ? 'gh api' : program;
    expect(asked(`{methods: [${method}]}`, line, program, match)).toBe('yes');
    for (const other of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'].filter((name) => name !== method)) {
      expect(asked(`{methods: [${other}]}`, line, program, match)).toBe('no');
    }
  });

  test('that cannot be known may be any', () => {
    expect(asked('{methods: [DELETE]}', 'curl -X "$METHOD" https://a.example/x')).toBe('maybe');
    expect(asked('{methods: [DELETE]}', 'http "$METHOD" https://a.example/x', 'http')).toBe('maybe');
  });

  test('after `--next` is any of those given', () => {
    expect(
      asked('{methods: [DELETE]}', 'curl -X DELETE https://a.example --next -X GET https://b.example'),
    ).toBe('yes');
  });
});

describe('the address', () => {
  test.each<[line: string, host: string, path: string]>([
    ['curl https://a.example/x/y?z=1', 'a.example', '/x/y'],
    ['curl A.example', 'a.example', '/'],
    ['curl localhost:9200/x', 'localhost', '/x'],
    ['curl http://2852039166/latest', '169.254.169.254', '/latest'],
    ['curl http://localhost@b.example/x', 'b.example', '/x'],
    ['curl http://b.example./x', 'b.example', '/x'],
    ['curl --url https://a.example/x', 'a.example', '/x'],
    ['curl "http://localhost:$PORT/x"', 'localhost', '/x'],
    ['curl http://a.example/%5Fall', 'a.example', '/_all'],
    ['curl http://a.example/a/../b', 'a.example', '/b'],
    ['curl --unix-socket /run/docker.sock http://d.example/x', 'localhost', '/x'],
  ])('of `%s` is on %s, %s', (line, host, path) => {
    expect(asked(`{hosts: ["${host}"], paths: ["${path}"]}`, line)).toBe('yes');
    expect(asked(`{not-hosts: ["${host}"]}`, line)).toBe('no');
    expect(asked(`{not-paths: ["${path}"]}`, line)).toBe('no');
    expect(asked('{hosts: [elsewhere.example]}', line)).toBe('no');
  });

  test.each<[line: string, shape: string, answer: Certainty]>([
    ['curl "$URL"', '{hosts: [a.example]}', 'maybe'],
    ['curl "$URL"', '{not-hosts: [localhost]}', 'yes'],
    ['curl "$URL/_all"', '{paths: ["*/_all"]}', 'yes'],
    ['curl "$URL/_all"', '{paths: ["*/_search"]}', 'no'],
    ['curl "https://api.example.com/users/$ID"', '{hosts: [api.example.com], paths: ["/users/*"]}', 'yes'],
    ['curl "https://$ENV.example.com/x"', '{hosts: [prod.example.com]}', 'maybe'],
    ['curl "https://$ENV.example.com/x"', '{hosts: ["*.example.com"]}', 'yes'],
    ['curl http://localhost/a https://b.example/a', '{not-hosts: [localhost]}', 'yes'],
    ['curl -s', '{methods: [GET]}', 'no'],
  ])('of `%s` meets %s: %s', (line, shape, answer) => {
    expect(asked(shape, line)).toBe(answer);
  });

  test.each<[line: string, program: string, shape: string]>([
    ['http :3000/x', 'http', '{hosts: [localhost], paths: [/x]}'],
    ['gh api /repos/o/r', 'gh', '{hosts: [api.github.com], paths: [/repos/o/r]}'],
  ])('of `%s`, run by %s, meets %s', (line, program, shape) => {
    expect(asked(shape, line, program, program === 'gh' ? 'gh api' : program)).toBe('yes');
  });

  test('must satisfy the whole shape in one request', () => {
    const shape = '{hosts: [b.example], paths: [/only-a]}';
    expect(asked(shape, 'curl https://a.example/only-a https://b.example/x')).toBe('no');
  });
});

describe('mutations', () => {
  const shape = '{mutations: ["*delete*"]}';
  test.each<[line: string, answer: Certainty]>([
    [`curl https://a.example -d '{"query":"mutation { volumeDelete(volumeId: \\"x\\") }"}'`, 'yes'],
    [`curl https://a.example -d '{"query":"mutation { volumeDelete(volumeId: \\"'$ID'\\") }"}'`, 'yes'],
    [`curl https://a.example --data-urlencode 'query=mutation { deleteUser(id: 1) { id } }'`, 'yes'],
    [`curl https://a.example -d @- <<< '{"query":"mutation { deleteUser { id } }"}'`, 'yes'],
    [`curl https://a.example -d '{"query":"{ deletedUsers { id } }"}'`, 'no'],
    [
      `curl https://a.example -d '{"query":"mutation { addUser(name: \\"deleteUser\\") { deletedAt } }"}'`,
      'no',
    ],
    ['curl https://a.example -d "$BODY"', 'maybe'],
    ['curl https://a.example -d @missing.json', 'maybe'],
    ['curl https://a.example', 'no'],
  ])('%s: %s', (line, answer) => {
    expect(asked(shape, line)).toBe(answer);
  });
});

describe('the fields of mutations', () => {
  test.each<[document: string, fields: readonly string[]]>([
    ['mutation { a b(x: {y: 1}) { c } }', ['a', 'b']],
    ['mutation Named($id: ID!) { gone: remove(id: $id) { id } }', ['remove']],
    ['query { a } mutation { b }', ['b']],
    ['mutation { b } query { a }', ['b']],
    ['fragment F on Mutation { a } mutation { b }', ['a', 'b']],
    ['mutation { a(text: "} deleteAll {") }', ['a']],
    ['mutation { # deleteAll\n a }', ['a']],
    ['{ mutation { a } }', []],
    ['', []],
  ])('of %s', (document, fields) => {
    expect(mutationFields(document)).toEqual(fields);
  });

  test('are found in every form of body', () => {
    expect(documentsOf('[{"query":"{a}"},{"query":"{b}"}]')).toEqual(['{a}', '{b}']);
    expect(documentsOf('operationName=x&query=%7Ba%7D')).toEqual(['{a}']);
    expect(documentsOf('{"name":"x"}')).toEqual([]);
  });
});

test('a program whose requests cannot be read is a fault of the policy', () => {
  expect(() => asked('{methods: [GET]}', 'fetch https://a.example', 'fetch')).toThrow(
    'does not know how `fetch` spells requests',
  );
});
