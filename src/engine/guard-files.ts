import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import type { FilePattern, GuardPlace } from '../model/rule.ts';
import { showWord, type Word } from '../model/word.ts';
import { fitsPath, fitsText } from '../policy/glob.ts';
import { absolute, isBelow, normalise } from '../policy/paths.ts';
import { holdsGuardEntry } from './agent-settings.ts';
import type { FileEffect } from './file-effects.ts';
import { keepsGuard } from './guard-settings.ts';

/** Whether what happens to a file is what the patterns of a file rule speak of. */
export function matchFiles(
  patterns: readonly FilePattern[],
  effect: FileEffect,
  facts: Facts,
  call: Call,
): boolean {
  if (patterns.length === 0) return false;
  const speaking = (path: string) => patternsFor(patterns, path, effect, facts, call);
  const found = new Set(effectPaths(effect, facts).flatMap(speaking));
  if (found.size === 0 || effect.to === undefined) return found.size > 0;
  // A copy that all of it protects as well discloses nothing.
  const copies = copyPaths(effect, effect.to, facts).map(speaking);
  return !(copies.length > 0 && copies.every((kept) => [...found].every((one) => kept.includes(one))));
}

/** What of the patterns speaks of a path: globs, and places of the guard. */
function patternsFor(
  patterns: readonly FilePattern[],
  path: string,
  effect: FileEffect,
  facts: Facts,
  call: Call,
): string[] {
  const text = facts.ignoresCase ? path.toLowerCase() : path;
  const fits = (given: string, near: boolean) => {
    const glob = facts.ignoresCase ? given.toLowerCase() : given;
    return fitsPath(glob, text) || (near && meets(text, glob));
  };
  const found = patterns.flatMap((pattern) => {
    if ('globs' in pattern)
      return pattern.not || effect.mode || effect.linked
        ? []
        : pattern.globs.filter((glob) =>
            fits(glob, effect.kind === 'read' && effect.path.kind !== 'unknown'),
          );
    if (pattern.guard === 'settings' && effect.command === undefined && keepsGuard(call, facts)) return [];
    return touches(pattern.guard, path, effect, facts) ? [pattern.guard] : [];
  });
  const excepted = patterns.some(
    (pattern) =>
      'globs' in pattern && pattern.not === true && pattern.globs.some((glob) => fits(glob, false)),
  );
  return excepted ? [] : found;
}

/**
 * Whether a path whose name is a glob of the shell names a file that a glob of a rule speaks of. One that starts with
 * `*` does only in a hidden directory that the rule names (`~/.ssh/*`): `cat *.json` is not about `service-account.json`.
 */
function meets(path: string, glob: string): boolean {
  const name = lastNames(path, 1);
  if (!/[*?[]/.test(name)) return false;
  const wanted = lastNames(glob, 1).replaceAll('*', '');
  const parent = parentOf(glob);
  const open = /^[*?[]/.test(name);
  if (open && (!lastNames(parent, 1).startsWith('.') || wanted.startsWith('.'))) return false;
  if (wanted === '' || !fitsText(name.replaceAll(/\[[^\]]*\]/g, '?'), wanted)) return false;
  return fitsPath(parent, parentOf(path));
}

/** Where a copy of the file lies. */
function copyPaths(effect: FileEffect, to: Word, facts: Facts): string[] {
  const from = effectPaths(effect, facts);
  return effectPaths({ ...effect, path: to }, facts).flatMap((target) => {
    const into = /(?:^|\/)\.{0,2}$/.test(showWord(to)) || facts.isDirectory(target);
    return into ? from.map((path) => `${target}/${lastNames(path, 1)}`) : [target];
  });
}

/** Whether a file certainly lies where one of the globs says: the path as it is written, and where its links lead. */
export function liesIn(globs: readonly string[], effect: FileEffect, facts: Facts): boolean {
  if (effect.path.kind === 'unknown' || effect.reach !== 'file') return false;
  const paths = effectPaths(effect, facts);
  return paths.length > 0 && paths.every((path) => globs.some((glob) => fitsPath(glob, path)));
}

/** The absolute paths that an effect can be about. Of a path with an unknown start, its end stands for it. */
export function effectPaths(effect: FileEffect, facts: Facts): string[] {
  const { path } = effect;
  if (path.kind === 'unknown') {
    const last = path.pieces.at(-1);
    if (path.pieces[0] === null || path.pieces[0] === undefined) {
      return typeof last === 'string' && last.includes('/') ? [normalise(`/…/${last}`)] : [];
    }
  }
  const texts =
    path.kind === 'known'
      ? [path.text]
      : path.kind === 'one-of'
        ? path.texts
        : [path.pieces.map((piece) => piece ?? '*').join('')];
  return texts.flatMap((text) => {
    const full = absolute(text, effect.cwd ?? facts.cwd, facts);
    if (full === undefined) return [];
    const real = facts.realPath(full);
    return real === full ? [full] : [full, real];
  });
}

function touches(place: GuardPlace, path: string, effect: FileEffect, facts: Facts): boolean {
  const { guard } = facts;
  if (place === 'switch')
    return lastNames(path, 1) === guard.switchName || globFits(path, `${parentOf(path)}/${guard.switchName}`);
  if (place === 'settings') {
    if (/\/\.claude\/settings(?:\.local)?\.json$/.test(path)) return true;
    if (holdsGuardEntry(path, effect.reach !== 'file', facts)) return true;
    return guard.settings.some(
      (file) => covers(path, file, effect) && ([file, parentOf(file)].includes(path) || exists(file, facts)),
    );
  }
  const dirs = place === 'program' ? guard.program : guard.state;
  return dirs.some((dir) => path === dir || isBelow(path, dir) || covers(path, dir, effect));
}

const exists = (path: string, facts: Facts): boolean =>
  facts.isDirectory(path) || facts.readText(path, 1 << 20) !== undefined;

/** Whether a path, which may hold globs, is a protected one or what happens to it reaches that one. */
function covers(path: string, guarded: string, { reach, name }: FileEffect): boolean {
  if (path === guarded || globFits(path, guarded)) return true;
  if (reach === 'file' || (name !== undefined && !fitsText(name, lastNames(guarded, 1)))) return false;
  if (reach === 'directory') return path === parentOf(guarded) || globFits(path, parentOf(guarded));
  for (let above = parentOf(guarded); above !== '/'; above = parentOf(above)) {
    if (path === above || globFits(path, above)) return true;
  }
  return path === '/';
}

/** A path with globs against a path; as in the shell, a glob does not stand for a leading dot. */
function globFits(glob: string, path: string): boolean {
  if (!/[*?[]/.test(glob) || !fitsPath(glob.replace(/\[[^\]]*\]/g, '?'), path)) return false;
  const names = path.split('/');
  return glob.split('/').every((part, i) => !(/^[*?[]/.test(part) && names[i]?.startsWith('.')));
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
const lastNames = (path: string, count: number): string => path.split('/').slice(-count).join('/');
