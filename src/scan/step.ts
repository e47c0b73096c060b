/** A text that a file of a repository gives to a shell. */
export type Step = {
  readonly text: string;
  /** Where each line of the text stands in the file, from 1. */
  readonly lines: readonly number[];
  readonly language: 'shell' | 'powershell';
  /** Where it runs: the directory of its file, the root of the repository, or a container. */
  readonly runs: 'beside' | 'at-root' | 'in-container';
  /** Variables that the file sets for it. */
  readonly variables?: Readonly<Record<string, string>>;
};

/** A step whose text begins at a line and goes on line by line. */
export const stepAt = (line: number, text: string, runs: Step['runs'] = 'at-root'): Step => ({
  text,
  lines: text.split('\n').map((_, i) => line + i),
  language: 'shell',
  runs,
});

/** Text that a runner fills in before the shell sees it: a variable nobody knows. */
export const hole = '${_unknown}';
