import { quoted } from '../model/shell-quote.ts';
import { instructions } from '../shell/tasks/dockerfile-instructions.ts';
import { parseJustfile } from '../shell/tasks/justfile-recipes.ts';
import { fillInMake, parseMakefile } from '../shell/tasks/makefile-rules.ts';
import { hole, type Step, stepAt } from './step.ts';

/** Steps of files with a format of their own. */

/** A script of the shell, as it is. */
export const shellScript = (source: string): readonly Step[] => [stepAt(1, source, 'at-root')];

export const powerShellScript = (source: string): readonly Step[] => [
  { ...stepAt(1, source, 'at-root'), language: 'powershell' },
];

/** The recipes of a makefile; its own variables are filled in. */
export function makefileSteps(source: string): readonly Step[] {
  const { rules, settings } = parseMakefile(source);
  return rules.flatMap(({ targets, recipe }) => {
    if (recipe.length === 0) return [];
    const filled = recipe.map(({ text, line }) => ({
      text: fillInMake(text, settings, targets[0] ?? '').replace(/^[@+-\s]+/, ''),
      line,
    }));
    return [together(filled, 'beside')];
  });
}

/** The recipes of a justfile. One that starts with `#!` of another interpreter is not read. */
export function justfileSteps(source: string): readonly Step[] {
  const variables = new Map<string, string>();
  return [...parseJustfile(source, variables).values()].flatMap(({ lines }) => {
    const [first] = lines;
    if (first === undefined || /^#!(?!.*\b(?:ba|da|k|z)?sh\b)/.test(first.text)) return [];
    const filled = lines.map(({ text, line }) => ({
      text: text
        .replace(/^[@-]+/, '')
        .replaceAll(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => variables.get(name) ?? hole)
        .replaceAll(/\{\{[^{}]*\}\}/g, hole),
      line,
    }));
    return [together(filled, 'beside')];
  });
}

/** The RUN, CMD and ENTRYPOINT of a Dockerfile. */
export function dockerfileSteps(source: string): readonly Step[] {
  return instructions(source)
    .filter(({ name }) => /^(?:RUN|CMD|ENTRYPOINT)$/.test(name))
    .map(({ value, line }) => stepAt(line, commandOf(value), 'in-container'));
}

/** The shell text of an instruction: its options left out, a list of words quoted. */
function commandOf(value: string): string {
  const text = value.replace(/^(?:--[a-z]+(?:=\S*)?\s+)+/, '');
  if (!text.startsWith('[')) return text;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) ? words.map((word) => quoted(String(word))).join(' ') : text;
  } catch {
    return text;
  }
}

/** `name: command` of a Procfile. */
export const procfileSteps = (source: string): readonly Step[] =>
  source.split(/\r?\n/).flatMap((line, i) => {
    const [, command = ''] = /^[\w-]+:\s*(.+)$/.exec(line) ?? [];
    return command === '' ? [] : [stepAt(i + 1, command, 'beside')];
  });

/** `commands` and their like in tox.ini: what is indented below belongs to them. */
export function toxSteps(source: string): readonly Step[] {
  const lines = source.split(/\r?\n/);
  return lines.flatMap((line, i) => {
    const [, first = ''] = /^commands(?:_pre|_post)?\s*=\s*(.*)$/.exec(line) ?? [];
    if (!/^commands(?:_pre|_post)?\s*=/.test(line)) return [];
    const body = first === '' ? [] : [{ text: first, line: i + 1 }];
    for (let at = i + 1; /^[ \t]+\S/.test(lines[at] ?? ''); at++)
      body.push({ text: lines[at]?.trim() ?? '', line: at + 1 });
    const filled = body.map(({ text, line: number }) => ({
      text: text.replace(/^-\s*/, '').replaceAll(/\{[^{}]*\}/g, hole),
      line: number,
    }));
    return filled.length === 0 ? [] : [together(filled, 'at-root')];
  });
}

/** The texts that Groovy's and Ruby's `sh` is given, and those of `bat`, `powershell` and `pwsh`. */
export function callSteps(source: string): readonly Step[] {
  const steps: Step[] = [];
  const call =
    /(?<![\w.'"-])(sh|bat|powershell|pwsh)\b\s*\(?\s*(?:\w+:\s*(?:[\w.]+|'[^'\n]*'|"[^"\n]*")\s*,\s*)*(?:script:\s*)?('''|"""|'|")/g;
  for (let found = call.exec(source); found !== null; found = call.exec(source)) {
    const [whole, name = '', mark = ''] = found;
    const start = found.index + whole.length;
    const end = endOf(source, start, mark);
    if (end < 0) continue;
    const text = source.slice(start, end).replaceAll(/\\([\\"'$])/g, '$1');
    const line = source.slice(0, start).split('\n').length;
    steps.push({
      ...stepAt(line, text),
      language: /^p(?:owershell|wsh)$/.test(name) ? 'powershell' : 'shell',
    });
    call.lastIndex = end + mark.length;
  }
  return steps;
}

function endOf(source: string, start: number, mark: string): number {
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith(mark, at)) return at;
    else if (mark.length === 1 && source[at] === '\n') return -1;
  }
  return -1;
}

const together = (
  lines: readonly { readonly text: string; readonly line: number }[],
  runs: Step['runs'],
): Step => ({
  text: lines.map(({ text }) => text).join('\n'),
  lines: lines.map(({ line }) => line),
  language: 'shell',
  runs,
});
