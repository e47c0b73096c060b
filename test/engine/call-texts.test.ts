import { describe, expect, test } from 'vitest';
import { commandTexts } from '../../src/engine/call-texts.ts';
import { gatherFacts } from '../../src/host/facts.ts';
import type { Call } from '../../src/model/call.ts';

const textsOf = (tool: string, input: Record<string, unknown>) =>
  textsIn({ event: 'PreToolUse', tool, input, cwd: '/', permissionMode: 'auto', sessionId: 's' });
const textsIn = (call: Call) =>
  commandTexts(call, gatherFacts(call, {}), () => undefined).map(({ text, language }) =>
    language === 'shell' ? text : `${language}: ${text}`,
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
    ['mcp__shell__run', { command: 'ls', cwd: '/x' }, ['cd /x\nls']],
    ['mcp__shell__run', { command: 'ls', working_directory: '/a b' }, ["cd '/a b'\nls"]],
    ['mcp__shell__run', { command: 'ls', env: { AWS_PROFILE: 'prod' } }, ['export AWS_PROFILE=prod\nls']],
    ['mcp__shell__run', { command: 'ls', env: ['A=b c', 'no'] }, ["export A='b c'\nexport no=''\nls"]],
    ['mcp__shell__run', { command: 'ls', env: { command: 'rm -rf /' } }, ["export command='rm -rf /'\nls"]],
    ['mcp__x__run_shell', { line: 'ls', timeout: 5 }, ['ls']],
    ['mcp__x__execute', { anything: 'ls', description: 'list' }, ['ls']],
    ['mcp__x__read_page', { body: 'rm -rf /' }, []],
    ['mcp__x__anything', { script: 'ls' }, ['ls']],
    ['mcp__x__anything', { options: { commands: ['ls -l', 'pwd'] } }, ["'ls -l' pwd", 'ls -l', 'pwd']],
    ['mcp__x__run', { args: ['terraform', 'destroy'] }, ['terraform destroy']],
    ['mcp__x__start', { command: 'terraform', args: ['destroy', 'a b'] }, ["terraform destroy 'a b'"]],
    ['mcp__win__pwsh_run', { command: 'dir' }, ['powershell: dir']],
    ['mcp__aws__call_aws', { cli_command: 'aws s3 rb s3://b' }, ['aws s3 rb s3://b']],
    ['mcp__gcloud__run_gcloud_command', { args: ['projects', 'delete', 'p'] }, ['gcloud projects delete p']],
    ['mcp__k8s__kubectl', { command: 'delete ns prod' }, ['kubectl delete ns prod']],
    ['mcp__k8s__kubectl', { command: 'kubectl get pods' }, ['kubectl get pods']],
    ['mcp__tf__ExecuteTerraformCommand', { command: 'destroy' }, ['terraform destroy']],
    [
      'mcp__k8s__pods_exec',
      { pod: 'web-0', command: ['rm', '-rf', '/data'] },
      ["docker exec web-0 sh -c 'rm -rf /data'"],
    ],
    ['mcp__docker__docker_exec', { container: 'db', command: 'ls' }, ['docker exec db sh -c ls']],
    ['mcp__ssh__execute', { host: 'db1', command: 'ls' }, ['ssh db1 ls']],
    ['mcp__x__run', { host: 'localhost', command: 'ls' }, ['ls']],
    ['mcp__ide__executeCode', { code: 'print(1)' }, ["python3 -c 'print(1)'"]],
    ['mcp__x__run_code', { language: 'javascript', code: 'f()' }, ["node -e 'f()'"]],
    ['mcp__x__run_code', { language: 'bash', code: 'ls' }, ['ls']],
    ['mcp__db__execute_sql', { query: 'SELECT count(*) FROM service' }, []],
    ['mcp__neo__run_cypher', { code: 'MATCH (n) RETURN n' }, []],
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
