import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/cli/commands/index.ts';
import { EVENTS, groupFor, hookEntry, isOurs } from '../src/cli/settings/entry.ts';
import { installationIn } from '../src/host/installation.ts';

const root = resolve(import.meta.dirname, '..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

describe('the plugin', () => {
  test('registers the same entry as init, for the same events, and says where its state lies', () => {
    const { hooks } = json('plugin/hooks/hooks.json');
    expect(Object.keys(hooks)).toEqual([...EVENTS]);
    const wanted = hookEntry(installationIn('${CLAUDE_PLUGIN_ROOT}', 'node'), 'linux');
    const entry = { ...wanted, args: [...wanted.args, '--state', '${CLAUDE_PLUGIN_DATA}'] };
    for (const event of EVENTS) {
      expect(hooks[event]).toEqual([groupFor(event, entry)]);
      expect(hooks[event][0].hooks.every(isOurs)).toBe(true);
    }
  });

  test('has the version of the package, and is in the marketplace', () => {
    const { name, version } = json('package.json');
    expect(json('plugin/.claude-plugin/plugin.json')).toMatchObject({ name, version });
    expect(json('plugin/package.json')).toMatchObject({ name, version });
    expect(json('.claude-plugin/marketplace.json').plugins).toMatchObject([{ name, source: './plugin' }]);
  });

  test.each(readdirSync(join(root, 'plugin/commands')))('%s runs a command that exists', (file) => {
    const text = readFileSync(join(root, 'plugin/commands', file), 'utf8');
    const called = [...text.matchAll(/bin\/blastguard" ([a-z-]+)/g)].map((match) => match[1]);
    expect(called.length).toBeGreaterThan(0);
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(called));
  });
});
