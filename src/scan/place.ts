import type { Reading } from '../model/command.ts';
import { showWord } from '../model/word.ts';
import type { Step } from './step.ts';

/**
 * The line of the file that a finding is about: where its command stands in the text that was read, else the line of the
 * step that holds most of its words.
 */
export function lineOf(step: Step, subject: string, readings: readonly Reading[]): number {
  const at = step.runs === 'in-container' ? undefined : startOf(subject, readings);
  const row =
    at === undefined ? likeliestRow(step.text, subject) : step.text.slice(0, at).split('\n').length - 1;
  return step.lines[row] ?? step.lines[0] ?? 1;
}

function startOf(subject: string, readings: readonly Reading[]): number | undefined {
  for (const { commands } of readings)
    for (const { words, span } of commands)
      if (span.end > 0 && words.map(showWord).join(' ') === subject) return span.start;
  return undefined;
}

function likeliestRow(text: string, subject: string): number {
  const words = subject.split(/\s+/).filter((word) => /\w/.test(word));
  let best = 0;
  let most = 0;
  for (const [i, row] of text.split('\n').entries()) {
    // The program counts most: it stands where the command begins.
    const score = words.reduce((sum, word, at) => sum + (row.includes(word) ? (at === 0 ? 2 : 1) : 0), 0);
    if (score > most) [most, best] = [score, i];
  }
  return best;
}
