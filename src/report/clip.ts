/** The text, cut to a number of characters and marked where it is longer. */
export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
