import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerOf, direct, makePlace, payloadFor, play } from './play.ts';

/** What an edit of the settings has Claude Code run is no call of its own: it is judged with the edit. */

const place = makePlace();
afterAll(place.remove);
const local = join(place.project, '.claude/settings.local.json');
const link = join(place.project, 'notes.json');
mkdirSync(join(place.project, '.claude'));
const hooks = (...entries: object[]) => ({ hooks: { Stop: [{ hooks: entries }] } });
const run = (command: string, ...args: string[]) =>
  args.length === 0 ? { type: 'command', command } : { type: 'command', command, args };
writeFileSync(local, JSON.stringify(hooks(run('terraform destroy -target=a'), run('true'))));
symlinkSync(local, link);

async function verdictOf(tool: string, input: object): Promise<string> {
  const played = await play(direct, {
    environment: place.environment,
    input: payloadFor(place, tool, input),
  });
  const { verdict, reason } = answerOf(played);
  return verdict === 'pass' ? verdict : `${verdict}: ${reason.split('\n', 1)[0]}`;
}
const write = (content: object, path = local) =>
  verdictOf('Write', { file_path: path, content: JSON.stringify(content) });

describe('an edit of the settings is judged by the commands that it adds', () => {
  test.each<[what: string, content: object, path: string | undefined, verdict: RegExp]>([
    ['a hook', hooks(run('cd infra && terraform destroy')), undefined, /^deny: .*terraform\/destroy/],
    ['a hook by its words', hooks(run('terraform', 'destroy')), undefined, /^deny: .*terraform\/destroy/],
    ['a status line', { statusLine: run('terraform destroy') }, undefined, /^deny: .*terraform\/destroy/],
    ['a helper', { apiKeyHelper: 'terraform destroy; cat key' }, undefined, /^deny: .*terraform\/destroy/],
    ['a hook through a link', hooks(run('terraform destroy')), link, /^deny: .*terraform\/destroy/],
    [
      'a server',
      { mcpServers: { x: run('terraform', 'destroy') } },
      join(place.project, '.mcp.json'),
      /^deny: .*terraform\/destroy/,
    ],
    [
      'a usual server',
      { mcpServers: { x: run('npx', '-y', 'x') } },
      join(place.project, '.mcp.json'),
      /^pass$/,
    ],
    ['a formatter', hooks(run('npx prettier --write .')), undefined, /^pass$/],
    ['no command', { permissions: { deny: ['Bash(terraform destroy)'] } }, undefined, /^pass$/],
    ['what was there before', hooks(run('terraform destroy -target=a'), run('ls')), undefined, /^pass$/],
    ['a hook in a file that is no settings', hooks(run('terraform destroy')), '/srv/x.json', /^pass$/],
  ])('%s', async (_, content, path, verdict) => {
    expect(await write(content, path)).toMatch(verdict);
  });

  test('an Edit, by what the file holds then', async () => {
    const edit = (to: string) =>
      verdictOf('Edit', { file_path: local, old_string: '"true"', new_string: JSON.stringify(to) });
    expect(await edit('terraform destroy')).toMatch(/^deny: .*terraform\/destroy/);
    expect(await edit('npm test')).toBe('pass');
  });
});
