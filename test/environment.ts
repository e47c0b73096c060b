import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kept = new Set([
  'PATH',
  'TMPDIR',
  'TERM',
  'COLORTERM',
  'CI',
  'LANG',
  'SYSTEMROOT',
  'VITEST',
  'NODE_ENV',
  'NO_COLOR',
]);

/** Takes away, before the workers start, all that a developer's machine could lend to a test: home, keys, options. */
export function setup(): () => void {
  const top = mkdtempSync(join(tmpdir(), 'blastguard-tests-'));
  const home = join(top, 'home');
  mkdirSync(home);
  for (const name of Object.keys(process.env)) {
    if (!kept.has(name) && !name.startsWith('VITEST_')) delete process.env[name];
  }
  process.env.HOME = home;
  return () => rmSync(top, { recursive: true, force: true });
}
