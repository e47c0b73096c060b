import type { Facts } from '../../model/facts.ts';
import { directoryOf, resolvePath } from '../path.ts';
import { bounds } from './bounds.ts';

/** The hooks that a subcommand of git runs, in order (githooks(5)). */
const hooksOfVerb = new Map<string, readonly string[]>(
  Object.entries({
    commit: 'pre-commit prepare-commit-msg commit-msg post-commit post-rewrite',
    merge: 'pre-merge-commit prepare-commit-msg commit-msg post-merge',
    pull: 'pre-merge-commit prepare-commit-msg commit-msg post-merge pre-rebase post-checkout post-rewrite',
    push: 'pre-push',
    checkout: 'post-checkout',
    switch: 'post-checkout',
    worktree: 'post-checkout',
    rebase: 'pre-rebase post-checkout prepare-commit-msg commit-msg post-commit post-rewrite',
    am: 'applypatch-msg pre-applypatch post-applypatch post-rewrite',
    'cherry-pick': 'prepare-commit-msg commit-msg post-commit post-rewrite',
    revert: 'prepare-commit-msg commit-msg post-commit',
  }).map(([verb, hooks]) => [verb, hooks.split(' ')]),
);
const skippedUnverified = new Set(
  'pre-commit commit-msg pre-merge-commit pre-push pre-rebase applypatch-msg pre-applypatch'.split(' '),
);

export type HooksDir = { readonly root: string; readonly dir: string };
export type GitCall = {
  readonly dir: string | undefined;
  /** `core.hooksPath`, where the call sets it. */
  readonly hooksPath: string | undefined;
  readonly verb: string;
  readonly args: readonly string[];
};

/** A call of git taken apart: its own options, the subcommand and what follows. */
export function gitCall(args: readonly string[]): GitCall {
  let dir: string | undefined;
  let hooksPath: string | undefined;
  let i = 0;
  for (; i < args.length; i++) {
    const text = args[i] ?? '';
    if (text === '-C') dir = resolvePath(args[++i] ?? '', dir) ?? args[i];
    else if (text === '-c') hooksPath = /^core\.hookspath=(.*)$/is.exec(args[++i] ?? '')?.[1] ?? hooksPath;
    else if (/^-(?:-git-dir|-work-tree|-namespace|-exec-path|-super-prefix|-config-env)$/.test(text)) i++;
    else if (!text.startsWith('-')) break;
  }
  return { dir, hooksPath, verb: args[i] ?? '', args: args.slice(i + 1) };
}

/** The names of the hooks that a call may run. */
export function hookNames({ verb, args }: GitCall): readonly string[] {
  const names = hooksOfVerb.get(verb);
  if (names === undefined) return [];
  let unverified = false;
  for (let i = 0; i < args.length && args[i] !== '--'; i++) {
    const arg = args[i] ?? '';
    if (/^(?:-h|--help|--abort|--quit)$/.test(arg) || (verb === 'commit' && arg === '--dry-run')) return [];
    if (arg === '--no-verify' || (/^(?:commit|am)$/.test(verb) && /^-[aeiopqsvz]*n/.test(arg)))
      unverified = true;
    // What follows is a value, whatever it looks like.
    if (
      /^-[a-zA-Z]*[mFCctoXs]$|^--(?:message|file|author|date|template|trailer|fixup|squash|onto|strategy|push-option|repo)$/.test(
        arg,
      )
    )
      i++;
  }
  return unverified ? names.filter((name) => !skippedUnverified.has(name)) : names;
}

/**
 * Where git looks for hooks in the repository that `cwd` lies in; undefined outside of any. `hooksPath` is what the line
 * itself sets `core.hooksPath` to.
 */
export function hooksDir(cwd: string, facts: Facts, hooksPath: string | undefined): HooksDir | undefined {
  const found = repositoryOf(cwd, facts);
  if (found === undefined) return undefined;
  const { root, common } = found;
  const path = hooksPath ?? configured('core', 'hookspath', common, facts);
  if (path === undefined) return { root, dir: `${common}/hooks` };
  const expanded = path.replace(/^~(?=\/)/, facts.home ?? '~');
  return { root, dir: resolvePath(expanded, root) ?? `${common}/hooks` };
}

/** The nearest directory that is a working tree, and the directory that its worktrees share. */
function repositoryOf(
  cwd: string,
  facts: Facts,
): { readonly root: string; readonly common: string } | undefined {
  let root = resolvePath('.', cwd) ?? cwd;
  for (let above = 0; above < bounds.parents; above++) {
    if (facts.isDirectory(`${root}/.git`)) return { root, common: `${root}/.git` };
    const link = /^gitdir: (.+)$/m.exec(facts.readText(`${root}/.git`, 4096) ?? '')?.[1];
    const gitDir = link === undefined ? undefined : resolvePath(link, root);
    if (gitDir !== undefined) {
      const shared = facts.readText(`${gitDir}/commondir`, 4096)?.trim();
      return { root, common: (shared && resolvePath(shared, gitDir)) || gitDir };
    }
    if (root === '/') return undefined;
    root = directoryOf(root);
  }
  return undefined;
}

/** Commands of git's own that are used all day: no alias hides them. */
const ownCommands =
  /^(?:|add|blame|branch|checkout|cherry-pick|clean|clone|commit|config|diff|fetch|grep|init|log|ls-files|merge|mv|pull|push|rebase|remote|reset|restore|rev-parse|rm|show|stash|status|submodule|switch|tag|worktree)$/;

/** What an alias stands for, in the configuration of the repository that `cwd` lies in, else in the user's. */
export function configuredAlias(verb: string, cwd: string, facts: Facts): string | undefined {
  if (!/^[\w-]*$/.test(verb) || ownCommands.test(verb)) return undefined;
  return configured('alias', verb.toLowerCase(), repositoryOf(cwd, facts)?.common, facts);
}

/** A setting of the repository, else of the user. */
function configured(
  section: string,
  key: string,
  common: string | undefined,
  facts: Facts,
): string | undefined {
  const user =
    facts.home === undefined ? [] : [`${facts.home}/.gitconfig`, `${facts.home}/.config/git/config`];
  for (const file of [...(common === undefined ? [] : [`${common}/config`]), ...user]) {
    const text = facts.readText(file, 256 * 1024);
    const value = text?.toLowerCase().includes(key) ? settingIn(text, section, key) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The last value counts. */
function settingIn(config: string, section: string, key: string): string | undefined {
  let at = '';
  let found: string | undefined;
  for (const line of config.split('\n').map((each) => each.trim())) {
    const name = /^\[([^\]"]*)/.exec(line)?.[1];
    if (name !== undefined) at = name.trim().toLowerCase();
    const [, given, value] = /(?:^|\])\s*([\w-]+)\s*=\s*(\S.*)$/.exec(at === section ? line : '') ?? [];
    if (given?.toLowerCase() === key) found = value?.replace(/^"(.*)"$/, '$1');
  }
  return found;
}

/** Whether a call of git runs a hook that is on disk. */
export function runsHooks(args: readonly string[], facts: Facts): boolean {
  const call = gitCall(args);
  const names = hookNames(call);
  if (names.length === 0) return false;
  const hooks = hooksDir(resolvePath(call.dir ?? '.', facts.cwd) ?? facts.cwd, facts, call.hooksPath);
  return hooks !== undefined && facts.list(hooks.dir).some((name) => names.includes(name));
}
