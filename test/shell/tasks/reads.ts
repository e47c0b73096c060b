import type { Reading } from '../../../src/model/command.ts';
import { readLine, shown } from '../pretend.ts';

const project = '/home/dev/project';

/** Reads a line in a project with these files, by their paths in it. */
export function readIn(files: Readonly<Record<string, string>>, line: string): Reading {
  const absolute = Object.entries(files).map(([path, text]) => [
    path.startsWith('/') ? path : `${project}/${path}`,
    text,
  ]);
  return readLine(line, { cwd: project, files: Object.fromEntries(absolute) });
}

/** What the line runs beside the command that it consists of. */
export const runsIn = (files: Readonly<Record<string, string>>, line: string): readonly string[] => [
  ...new Set(
    readIn(files, line)
      .commands.filter(({ words }) => words.length > 0)
      .slice(1)
      .map(shown),
  ),
];
