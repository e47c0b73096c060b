import { describe, expect, test } from 'vitest';
import { commandTexts } from '../../src/engine/call-texts.ts';

const textsOf = (tool: string, input: Record<string, unknown>) =>
  commandTexts({ event: 'PreToolUse', tool, input, cwd: '/', permissionMode: 'auto', sessionId: 's' }).map(
    ({ text, language }) => (language === 'shell' ? text : `${language}: ${text}`),
  );

describe('the texts of a call that a shell would run', () => {
  test.each<[tool: string, input: Record<string, unknown>, texts: string[]]>([
    ['Bash', { command: 'ls', description: 'rm -rf /' }, ['ls']],
    ['Monitor', { command: 'tail -f log', description: 'watch', timeout_ms: 1 }, ['tail -f log']],
    ['Monitor', { ws: { url: 'wss://x' } }, []],
    ['PowerShell', { command: 'dir' }, ['powershell: dir']],
    ['Write', { file_path: '/x', content: 'rm -rf /' }, []],
    ['Agent', { prompt: 'run rm -rf /', command: 'rm -rf /' }, []],
    ['Bash', { command: 7 }, []],
    ['mcp__shell__run', { command: 'ls', cwd: '/x' }, ['ls']],
    ['mcp__x__run_shell', { line: 'ls', timeout: 5 }, ['ls']],
    ['mcp__x__execute', { anything: 'ls', description: 'list' }, ['ls']],
    ['mcp__x__read_page', { body: 'rm -rf /' }, []],
    ['mcp__x__anything', { script: 'ls' }, ['ls']],
    ['mcp__x__anything', { options: { commands: ['ls -l', 'pwd'] } }, ["'ls -l' pwd", 'ls -l']],
    ['mcp__x__run', { args: ['terraform', 'destroy'] }, ['terraform destroy']],
    [
      'mcp__x__start',
      { command: 'terraform', args: ['destroy', 'a b'] },
      ['terraform', "terraform destroy 'a b'"],
    ],
    ['mcp__win__pwsh_run', { command: 'dir' }, ['powershell: dir']],
    ['mcp__aws__call_aws', { cli_command: 'aws s3 rb s3://b' }, ['aws s3 rb s3://b']],
    ['mcp__x__run', { steps: [{ command: 'ls' }, { command: 'pwd' }] }, ['ls', 'pwd']],
  ])('%s %j: %j', (tool, input, texts) => {
    expect(textsOf(tool, input)).toEqual(texts);
  });

  test('an input that goes on for ever is read to a depth', () => {
    const input: Record<string, unknown> = {};
    input.command = input;
    expect(textsOf('mcp__x__run', input)).toEqual([]);
  });
});
