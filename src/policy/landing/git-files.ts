import type { Facts } from '../../model/facts.ts';
import { known } from '../../model/word.ts';
import type { Value } from './place.ts';

/** The branch that is checked out in the repository around a directory. None when it is detached. */
export function gitBranch(cwd: string, facts: Facts): readonly Value[] {
  const dir = gitDir(cwd, facts);
  const head = dir === undefined ? undefined : facts.readText(`${dir}/HEAD`, 4096);
  const branch = /^ref: refs\/heads\/(.+)$/m.exec(head ?? '')?.[1];
  return branch === undefined ? [] : [{ word: known(branch.trim()), from: `${dir}/HEAD` }];
}

/** The addresses of all remotes of the repository around a directory. */
export function gitRemotes(cwd: string, facts: Facts): readonly Value[] {
  const dir = gitDir(cwd, facts);
  if (dir === undefined) return [];
  const common = facts.readText(`${dir}/commondir`, 4096)?.trim();
  const file = `${common === undefined ? dir : common.startsWith('/') ? common : `${dir}/${common}`}/config`;
  const text = facts.readText(file, 1 << 18) ?? '';
  return [...text.matchAll(/^\s*(?:push)?url\s*=\s*(\S+)\s*$/gim)].map(([, url = '']) => ({
    word: known(url),
    from: file,
  }));
}

/** `.git`, or the directory that a worktree's `.git` file names. */
function gitDir(cwd: string, facts: Facts): string | undefined {
  for (let dir = cwd; ; dir = dir.slice(0, dir.lastIndexOf('/'))) {
    const git = `${dir}/.git`;
    if (facts.isDirectory(git)) return git;
    const named = /^gitdir: (.+)$/m.exec(facts.readText(git, 4096) ?? '')?.[1]?.trim();
    if (named !== undefined) return named.startsWith('/') ? named : `${dir}/${named}`;
    if (!dir.includes('/')) return undefined;
  }
}
