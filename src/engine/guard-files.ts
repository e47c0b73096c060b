import type { Call } from '../model/call.ts';
import type { Certainty } from '../model/certainty.ts';
import type { Facts } from '../model/facts.ts';
import type { FilePattern, GuardPlace } from '../model/rule.ts';
import { fitsPath, fitsText } from '../policy/glob.ts';
import { absolute, isBelow, normalise } from '../policy/paths.ts';
import type { FileEffect } from './file-effects.ts';
import { keepsGuard } from './guard-settings.ts';

/** Whether what happens to a file is what a pattern of a file rule speaks of. */
export function matchFile(pattern: FilePattern, effect: FileEffect, facts: Facts, call: Call): Certainty {
  const paths = effectPaths(effect, facts);
  if ('globs' in pattern) {
    return paths.some((path) => pattern.globs.some((glob) => fitsPath(glob, path))) ? 'yes' : 'no';
  }
  if (pattern.guard === 'settings' && effect.command === undefined && keepsGuard(call, facts)) return 'no';
  return paths.some((path) => touches(pattern.guard, path, effect, facts)) ? 'yes' : 'no';
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
