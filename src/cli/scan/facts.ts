import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import { SWITCH_NAME } from '../../model/switch-name.ts';

/** What a scan may know of the world: the repository, and nothing of the machine that it happens to run on. */
export function scanFacts(
  root: string,
  directory: string,
  variables: Readonly<Record<string, string>>,
  read: (path: string, limit: number) => string | undefined,
): Facts {
  return {
    cwd: directory,
    projectDir: root,
    home: '/home/ci',
    temporaryDirs: ['/tmp', '/var/tmp'],
    environment: { HOME: '/home/ci', ...variables },
    ignoresCase: false,
    guard: { settings: [], program: [], state: [], switchName: SWITCH_NAME },
    realPath: (path) => posix.resolve(directory, path),
    readText: (path, limit) => read(posix.resolve(directory, path), limit),
    isDirectory: () => false,
    list: () => [],
  };
}
