const CONTEXT = 3;

/** A unified diff of two texts, with three lines of context. Empty when they are the same. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  return diffOf(file, before, script(splitLines(before), splitLines(after)));
}

/** The same for edits that lie in the text in order and apart; what lies between them is not compared. */
export function editedDiff(
  file: string,
  before: string,
  edits: readonly {
    readonly span: { readonly start: number; readonly end: number };
    readonly text: string;
  }[],
): string {
  const steps: Step[] = [];
  let at = 0;
  for (let i = 0; i < edits.length; ) {
    const start = before.lastIndexOf('\n', (edits[i]?.span.start ?? 0) - 1) + 1;
    let end = Number.POSITIVE_INFINITY;
    let from = start;
    let fresh = '';
    // Edits that touch the same lines are shown together.
    for (let edit = edits[i]; edit !== undefined && edit.span.start <= end; edit = edits[++i]) {
      fresh += before.slice(from, edit.span.start) + edit.text;
      from = edit.span.end;
      const line = before.indexOf('\n', from);
      end = line < 0 ? before.length : line + 1;
    }
    steps.push(...splitLines(before.slice(at, start)).map((text): Step => ({ sign: ' ', text })));
    steps.push(...script(splitLines(before.slice(start, end)), splitLines(fresh + before.slice(from, end))));
    at = end;
  }
  steps.push(...splitLines(before.slice(at)).map((text): Step => ({ sign: ' ', text })));
  return diffOf(file, before, steps);
}

function diffOf(file: string, before: string, lines: readonly Step[]): string {
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const hunks: { start: number; end: number }[] = [];
  for (const index of changed) {
    const last = hunks.at(-1);
    if (last !== undefined && index - CONTEXT <= last.end) last.end = index + CONTEXT + 1;
    else hunks.push({ start: Math.max(0, index - CONTEXT), end: index + CONTEXT + 1 });
  }
  const body = hunks.map(({ start, end }) => hunk(lines, start, Math.min(end, lines.length)));
  return `--- ${before === '' ? '/dev/null' : file}\n+++ ${file}\n${body.join('')}`;
}

type Step = { readonly sign: ' ' | '-' | '+'; readonly text: string };

function hunk(lines: readonly Step[], start: number, end: number): string {
  const count = (from: number, to: number, sign: '-' | '+') =>
    lines.slice(from, to).filter((line) => line.sign === ' ' || line.sign === sign).length;
  const range = (sign: '-' | '+') => {
    const length = count(start, end, sign);
    return `${count(0, start, sign) + (length === 0 ? 0 : 1)},${length}`;
  };
  const body = lines.slice(start, end).map(({ sign, text }) => `${sign}${text}`);
  return `@@ -${range('-')} +${range('+')} @@\n${body.join('')}`;
}

/** Lines with their ends; a last line without one is marked as diff marks it. */
function splitLines(text: string): readonly string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`));
}

/** The shortest list of kept, removed and added lines. Only what differs at both ends is compared in full. */
function script(before: readonly string[], after: readonly string[]): readonly Step[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const kept = (text: string): Step => ({ sign: ' ', text });
  return [
    ...before.slice(0, head).map(kept),
    ...compare(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(kept),
  ];
}

/** By the longest common subsequence. */
function compare(before: readonly string[], after: readonly string[]): readonly Step[] {
  const common = table(before, after);
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      steps.push({ sign: ' ', text: old });
      i += 1;
      j += 1;
    } else if (fresh === undefined || (old !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      steps.push({ sign: '-', text: old ?? '' });
      i += 1;
    } else {
      steps.push({ sign: '+', text: fresh });
      j += 1;
    }
  }
  return steps;
}

type Table = readonly (readonly number[])[];

const at = (common: Table, i: number, j: number): number => common[i]?.[j] ?? 0;

/** `table[i][j]`: the length of the longest common subsequence of `before` from i and `after` from j. */
function table(before: readonly string[], after: readonly string[]): Table {
  const rows: number[][] = Array.from({ length: before.length + 1 }, () => []);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = rows[i] ?? [];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] =
        before[i] === after[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), row[j + 1] ?? 0);
    }
  }
  return rows;
}
