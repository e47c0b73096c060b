import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/policy/config.ts';
import { makeUser } from './cli/built.ts';
import { root } from './golden/play.ts';
import { needing, type Redis, startRedis, temporary } from './killswitch/servers.ts';

/** What docs/kill-switch.md tells people to type and to write works. */

const page = readFileSync(join(root, 'docs/kill-switch.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
const lines = blocks('sh').flatMap((block) => block.split('\n').filter(Boolean));
const withoutRemark = (line: string) => line.replace(/\s+# .*$/, '');

describe('docs/kill-switch.md', () => {
  test.each(blocks('yaml').map((block) => [block]))('%s is configuration', (block) => {
    expect(readConfig('kill-switch.md', block).data['kill-switch']?.sources.length).toBeGreaterThan(0);
  });

  test('its commands of blastguard do what it says', () => {
    const here = makeUser();
    here.write(here.userFile, JSON.stringify({ 'kill-switch': { sources: [{ path: temporary() }] } }));
    const commands = lines.filter((line) => line.startsWith('blastguard '));
    expect(commands.length).toBeGreaterThan(5);
    const run = (line: string) => {
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${withoutRemark(line)}`], { encoding: 'utf8' });
      const [, name = '', ...args] = words.trim().split('\n');
      return here.run([name, ...args, ...(name === 'resume' ? ['--yes'] : [])]);
    };
    for (const line of commands) {
      const { status, stdout, stderr } = run(line);
      // `status` tells with 1 that something halts.
      expect({ line, status, stderr }).toEqual({
        line,
        status: line.includes(' status') ? 1 : 0,
        stderr: '',
      });
      expect(stdout).not.toBe('');
    }
    expect(here.run(['status', '--quiet']).status).toBe(0);
    here.remove();
  });
});

const redis = needing(['redis-server', 'redis-cli'], 'its commands of Redis');
describe.skipIf(redis.skip)(redis.name, () => {
  let server: Redis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  test('do what it says', () => {
    const commands = lines.filter((line) => line.startsWith('redis-cli '));
    expect(commands.length).toBeGreaterThan(2);
    for (const line of commands) {
      const here = line.replace('-h redis.example.com', `-p ${server.port}`);
      const { status, stdout } = spawnSync('sh', ['-c', withoutRemark(here)], { encoding: 'utf8' });
      expect({ line, status, said: /^(?:OK|1)\n$/.test(stdout) }).toEqual({ line, status: 0, said: true });
    }
    const list = server.cli(
      '--user',
      'guard',
      '--pass',
      'a-long-password',
      '--no-auth-warning',
      'get',
      'blastguard:stop:org',
    );
    expect(list).toBe('');
  });
});
