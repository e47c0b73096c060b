import type { Facts } from '../model/facts.ts';
import { nativePath, slashedPath } from '../model/windows-path.ts';

/** The facts of a Windows machine, with paths as the engine compares them and files as the system finds them. */
export function windowsFacts(facts: Facts): Facts {
  const slashed = (paths: readonly string[]) => paths.map(slashedPath);
  return {
    cwd: facts.cwd,
    get projectDir() {
      return facts.projectDir;
    },
    get home() {
      return facts.home;
    },
    get temporaryDirs() {
      return slashed(facts.temporaryDirs);
    },
    environment: facts.environment,
    ignoresCase: true,
    get guard() {
      const { settings, program, state, switchName } = facts.guard;
      return { settings: slashed(settings), program: slashed(program), state: slashed(state), switchName };
    },
    realPath: (path) => slashedPath(facts.realPath(nativePath(path))),
    readText: (path, limit) => facts.readText(nativePath(path), limit),
    isDirectory: (path) => facts.isDirectory(nativePath(path)),
    list: (path) => facts.list(nativePath(path)),
    inspectedPlan: (path) => facts.inspectedPlan?.(nativePath(path)),
  };
}
