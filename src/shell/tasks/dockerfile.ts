import { known } from '../../model/word.ts';
import type { Carried } from '../carriers.ts';
import { quoteWord } from '../interpreter.ts';
import { resolvePath } from '../path.ts';
import { instructions } from './dockerfile-instructions.ts';
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
