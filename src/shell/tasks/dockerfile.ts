import { known } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { quoteWord } from '../interpreter.ts';
import { resolvePath } from '../path.ts';
import { fileText, firstFile, optionsOf, optionValue, runInContainer, textOf } from './project-file.ts';

/** `docker build CONTEXT`: what the steps of the Dockerfile run, in containers. */
export function dockerfile(carried: Carried): void {
  const { operands } = optionsOf(carried.args, '-H --host --context --config -l --log-level', true);
  const words = operands.map(textOf);
  const at = /^(?:image|builder|buildx)$/.test(words[0] ?? '') ? 1 : 0;
  if (!/^(?:build|b|bud)$/.test(words[at] ?? '')) return;
  const options = optionsOf(
    operands.slice(at + 1),
    '-f --file -t --tag --build-arg --target --platform --cache-from --cache-to --label --network -o --output --progress --secret --ssh --add-host --build-context --builder --iidfile --metadata-file --shm-size --ulimit --allow --annotation --attest -m --memory --pull',
  );
  const context = textOf(options.operands.at(-1)) || '.';
  if (/^(?:https?:|git@|git:|-$)/.test(context)) return;
  buildImage(carried, context, undefined, optionValue(options, '-f', '--file'));
}

/** Reads the Dockerfile of a context; `inContext` names it there, `path` from where the command runs. */
export function buildImage(carried: Carried, context: string, inContext?: string, path?: string): void {
  const { state } = carried;
  const dir = resolvePath(context, state.cwd);
  if (dir === undefined) return;
  const text =
    path === undefined
      ? firstFile(
          carried,
          state,
          inContext ? [`${dir}/${inContext}`] : [`${dir}/Dockerfile`, `${dir}/Containerfile`],
        )?.text
      : fileText(carried, state, path);
  const variables = new Map<string, string>();
  for (const { name, value } of instructions(text ?? '')) {
    if (name === 'ARG' || name === 'ENV')
      for (const [, key = '', quoted, plain] of value.matchAll(/\b([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g))
        variables.set(key, quoted ?? plain ?? '');
    if (name === 'RUN') runInContainer(carried, 'docker build', commandOf(value), variables);
  }
}

const goesOn = (line: string): boolean => line.trimEnd().endsWith('\\');

type Instruction = { readonly name: string; readonly value: string };

/** The instructions of a Dockerfile: lines joined, comments left out, here-documents with their lines. */
function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const [, name = '', start = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(lines[i] ?? '') ?? [];
    if (name === '') continue;
    const parts = [start];
    while (goesOn(parts.at(-1) ?? '') && i + 1 < lines.length) {
      i++;
      const next = lines[i] ?? '';
      if (!/^\s*(?:#|$)/.test(next)) parts.push(next);
    }
    let value = parts.map((part) => (goesOn(part) ? part.trimEnd().slice(0, -1) : part)).join(' ');
    const [, mark] = /<<-?\s*["']?(\w+)["']?/.exec(value) ?? [];
    if (mark !== undefined) {
      const end = lines.findIndex((line, at) => at > i && line.trim() === mark);
      const body = lines.slice(i + 1, end < 0 ? undefined : end);
      i = end < 0 ? lines.length : end;
      // Alone it is a script; after a command it is the input of that.
      value = /^(?:--\S+\s+)*<<-?\s*["']?\w+["']?\s*$/.test(value)
        ? body.join('\n')
        : [value, ...body, mark].join('\n');
    }
    found.push({ name: name.toUpperCase(), value });
  }
  return found;
}

/** The shell text of RUN: its options left out, a list of words quoted. */
function commandOf(value: string): string {
  const text = value.replace(/^(?:--[a-z]+(?:=\S*)?\s+)+/, '');
  if (!text.startsWith('[')) return text;
  try {
    const words: unknown = JSON.parse(text);
    if (!Array.isArray(words)) return text;
    return words.map((word) => textOf(quoteWord(known(String(word))))).join(' ');
  } catch {
    return text;
  }
}
