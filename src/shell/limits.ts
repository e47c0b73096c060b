/** How much is read before the answer is "maybe": the grammar and its walk stay within a fraction of a second. */
export const limits = {
  /** UTF-16 code units of one text. */
  text: 64 * 1024,
  /** Nodes of one syntax tree. */
  nodes: 200_000,
  /** Commands and statements run by the interpreter for one call. */
  steps: 10_000,
  /** UTF-16 code units of all that the commands of one call hold. */
  commands: 4 * 1024 * 1024,
  /** UTF-16 code units of the path of a directory. */
  path: 4096,
  /** Texts inside texts: `bash -c "bash -c …"`, scripts that run scripts, functions that call functions. */
  depth: 24,
  /** How often a function may be read inside itself, each time with other words. */
  recursion: 3,
  /** Values that one word may have before it counts as unknown. */
  alternatives: 24,
  /** Bytes of a file that the line runs or reads. */
  file: 256 * 1024,
} as const;
