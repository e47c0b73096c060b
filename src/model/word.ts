/**
 * One word of a command as far as it can be known before the command runs.
 *
 * `known`: exactly this text. `one-of`: one of these texts. `unknown`: text with holes, `null` where nothing can be
 * said (`prod-$X` is `['prod-', null]`); `many` when it may also become no word or several (an unquoted `$X`, `"$@"`),
 * `options` when it is likely to hold options (`"$@"`, `$FLAGS`).
 * `glob` marks a word that the shell still matches against file names (`*.tf`, `/bin/r?`).
 */
export type Word = KnownWord | OneOfWord | UnknownWord;

export type KnownWord = { readonly kind: 'known'; readonly text: string; readonly glob?: true };
export type OneOfWord = { readonly kind: 'one-of'; readonly texts: readonly string[]; readonly glob?: true };
export type UnknownWord = {
  readonly kind: 'unknown';
  readonly pieces: readonly (string | null)[];
  readonly many: boolean;
  readonly options: boolean;
  readonly why: string;
};

export const known = (text: string): KnownWord => ({ kind: 'known', text });

/** The texts a word can have, or undefined when they cannot all be listed. */
export function textsOf(word: Word): readonly string[] | undefined {
  if (word.kind === 'known') return [word.text];
  if (word.kind === 'one-of') return word.texts;
  return undefined;
}

/** A word as a person reads it: its text, the alternatives as `{a,b}`, a hole as `…`. */
export function showWord(word: Word): string {
  if (word.kind === 'known') return word.text;
  if (word.kind === 'one-of') return `{${word.texts.join(',')}}`;
  return word.pieces.map((piece) => piece ?? '…').join('');
}
