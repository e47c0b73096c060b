import type { Carried } from '../carriers.ts';
import { parseJustfile } from './justfile-recipes.ts';
import { fileText, runTask, textOf } from './project-file.ts';

/** `just RECIPE…`: the recipes and those that they need. */
export function just(carried: Carried): void {
  const { args } = carried;
  let file: string | undefined;
  const words: string[] = [];
  const variables = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    if (/^(?:-f|--justfile)$/.test(text)) file = textOf(args[++i]);
    else if (/^(?:-d|--working-directory|--shell|--set)$/.test(text)) i++;
    else if (/^(?:-n|--dry-run|-l|--list|--summary|--show|-s|--evaluate|--dump)$/.test(text)) return;
    else if (/^[A-Za-z_][\w-]*=/.test(text))
      variables.set(text.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1));
    else if (text !== '' && !text.startsWith('-')) words.push(text);
  }
  const names = file === undefined ? ['justfile', 'Justfile', '.justfile'] : [file];
  const source = names
    .map((name) => fileText(carried, carried.state, name))
    .find((text) => text !== undefined);
  if (source === undefined) return;
  const recipes = parseJustfile(source, variables);
  const done = new Set<string>();
  const run = (name: string): void => {
    const recipe = recipes.get(name);
    if (recipe === undefined || done.has(name)) return;
    done.add(name);
    for (const need of recipe.needs) run(need);
    const body = recipe.lines.map(({ text: line }) => line.replace(/^[@-]+/, '')).join('\n');
    const text = body
      .replaceAll(/\{\{\s*([\w-]+)\s*\}\}/g, (_whole, key) => variables.get(key) ?? '${_unknown}')
      .replaceAll(/\{\{[^{}]*\}\}/g, '${_unknown}');
    runTask(carried, carried.state, `just ${name}`, text);
  };
  const wanted = words.filter((word) => recipes.has(word));
  for (const name of wanted.length > 0 ? wanted : [...recipes.keys()].slice(0, words.length === 0 ? 1 : 0))
    run(name);
}
