/** How much of the files of a project is followed. */
export const bounds = {
  /** Tasks that one call runs. */
  tasks: 200,
  /** Directories above the one at hand in which a file is looked for. */
  parents: 32,
  /** Files that include files. */
  includes: 8,
  /** Turns of a loop over a list that the file holds. */
  items: 24,
} as const;
