/** Whether a line is words without any sign that means something to a shell, so that white space splits it exactly. */
export const isPlain = (text: string): boolean =>
  text.length <= 4096 && /^[ \t]*[A-Za-z0-9_][\w.+-]*(?:[ \t]+[\w./:@%+,=-]+)*[ \t]*$/.test(text);
