import { describe, expect, test } from 'vitest';
import { fileCommands, toolCommand } from '../../src/engine/call-commands.ts';
import { showWord } from '../../src/model/word.ts';
import { builtInPacks, callOf, judge, policyOf } from '../policies-in-force.ts';

const call = (tool: string, input: Record<string, unknown>) => ({ ...callOf('', tool), input });
const shown = (words: readonly Parameters<typeof showWord>[0][] = []) => words.map(showWord).join(' ');

describe('a call as a command', () => {
  test.each<[tool: string, input: Record<string, unknown>, command: string]>([
    [
      'WebFetch',
      { url: 'https://example.com', prompt: 'a b' },
      'WebFetch --url=https://example.com --prompt=a b',
    ],
    ['mcp__x__y', { a: true, b: false, c: 1, d: null }, 'mcp__x__y --a=true --b=false --c=1'],
    ['mcp__x__y', { params: { sql: ['A', 'B'] }, 'odd key': '1' }, 'mcp__x__y --sql=A --sql=B --odd_key=1'],
    ['ExitPlanMode', {}, 'ExitPlanMode'],
    ['Bash', { command: 'ls' }, ''],
    ['Read', { file_path: '/x' }, ''],
  ])('%s %j: %s', (tool, input, command) => {
    expect(shown(toolCommand(call(tool, input))?.words)).toBe(command);
  });

  test('an input that goes on for ever is read to a depth', () => {
    const input: Record<string, unknown> = { a: 'x' };
    input.more = input;
    expect(toolCommand(call('mcp__x__y', input))?.words.length).toBeGreaterThan(1);
  });
});

describe('what a file tool of a server does, as the shell does it', () => {
  test.each<[tool: string, input: Record<string, unknown>, commands: string[]]>([
    ['mcp__fs__write_file', { path: '/a', content: 'x' }, ['tee /a']],
    ['mcp__fs__edit_file', { path: '/a', edits: [{ oldText: 'b', newText: 'c' }] }, ['tee /a']],
    ['mcp__fs__move_file', { source: '/a', destination: '/b' }, ['mv /a /b']],
    ['mcp__fs__delete_directory', { path: '/a' }, ['rm -rf /a']],
    ['mcp__fs__create_directory', { path: '/a' }, []],
    ['mcp__jetbrains__create_new_file', { pathInProject: 'a' }, ['tee a']],
    ['mcp__desktop-commander__edit_block', { file_path: '/a', old_string: 'x' }, ['tee /a']],
    [
      'mcp__github__push_files',
      { owner: 'o', repo: 'r', files: [{ path: 'a' }, { path: 'b' }] },
      ['tee a', 'tee b'],
    ],
    ['mcp__github__delete_file', { owner: 'o', repo: 'r', path: 'a' }, []],
    ['mcp__linear__create_issue', { title: 'a file', path: '/a' }, []],
    ['Write', { file_path: '/a' }, []],
  ])('%s %j: %j', (tool, input, commands) => {
    expect(fileCommands(call(tool, input)).map(({ words }) => shown(words))).toEqual(commands);
  });
});

describe('such calls are judged by the same rules', () => {
  const policy = policyOf(builtInPacks);
  const verdictOf = (tool: string, input: Record<string, unknown>) =>
    judge(call(tool, input), policy).decision.verdict;
  test.each<[tool: string, input: Record<string, unknown>, verdict: string]>([
    ['mcp__fs__delete_directory', { path: '/home/dev' }, 'deny'],
    ['mcp__fs__delete_directory', { path: '/home/dev/project/node_modules' }, 'pass'],
    ['mcp__fs__write_file', { path: '/home/dev/.claude/settings.json', content: '{}' }, 'deny'],
    ['mcp__fs__write_file', { path: '.github/workflows/deploy.yml', content: '' }, 'ask'],
    [
      'mcp__github__create_or_update_file',
      { owner: 'o', repo: 'r', branch: 'x', path: '.github/workflows/a.yml' },
      'ask',
    ],
    ['mcp__fs__write_file', { path: 'src/a.ts', content: 'DROP TABLE x' }, 'pass'],
    ['mcp__fs__move_file', { source: '.claude/settings.json', destination: 'x' }, 'deny'],
    ['MultiEdit', { file_path: '../project/.github/workflows/a.yml', edits: [] }, 'ask'],
    ['NotebookEdit', { notebook_path: '~/.blastguard.yaml', new_source: '' }, 'deny'],
    ['mcp__k8s__kubectl', { command: 'delete namespace prod' }, 'deny'],
    ['mcp__x__start_process', { command: 'terraform', args: ['destroy'] }, 'deny'],
    ['mcp__x__run_command', { cwd: '/srv', argv: ['terraform', 'destroy'] }, 'deny'],
    ['mcp__gcloud__run_gcloud_command', { args: ['projects', 'delete', 'prod'] }, 'deny'],
    ['TotallyNewTool', { anything: 'rm -rf /' }, 'pass'],
  ])('%s %j: %s', (tool, input, verdict) => {
    expect(verdictOf(tool, input)).toBe(verdict);
  });

  test('an input of too many fields is uncertain where a rule speaks of the tool', () => {
    const many = Array.from({ length: 5000 }, () => 'a');
    expect(verdictOf('mcp__fs__read_multiple_files', { paths: [...many, '/home/dev/.ssh/id_rsa'] })).toBe(
      'ask',
    );
    expect(verdictOf('mcp__db__query', { rows: many, sql: 'DROP TABLE users' })).toBe('ask');
    expect(verdictOf('mcp__sheet__append', { rows: many })).toBe('pass');
  });

  test('what this machine’s files say does not make a server’s place a sandbox', () => {
    const world = { files: { '/home/dev/.kube/config': 'current-context: kind-dev\n' } };
    const kubectl = (input: object) =>
      judge(call('mcp__k8s__kubectl_delete', { ...input }), policy, world).decision.verdict;
    expect(kubectl({ resourceType: 'deployment', name: 'web' })).toBe('deny');
    expect(kubectl({ resourceType: 'deployment', name: 'web', context: 'kind-dev' })).toBe('pass');
  });
});
