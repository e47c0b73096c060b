import type { Word } from './word.ts';

/** The base name of a program's path, in lower case, without `.exe`: what policies and tables know it by. */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name.toLowerCase().replace(/\.(?:exe|cmd|bat)$/, '');
}

/** The names that a program word can stand for; undefined when it can stand for any. */
export function programNames(word: Word): readonly string[] | undefined {
  if (word.kind === 'known') return [baseName(word.text)];
  if (word.kind === 'one-of') return word.texts.map(baseName);
  // `$BIN/terraform` is terraform wherever it lies.
  const last = word.pieces.at(-1);
  return typeof last === 'string' && last.includes('/') ? [baseName(last)] : undefined;
}
