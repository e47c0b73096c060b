import type { Carried } from '../carriers.ts';
import { fillInMake, parseMakefile } from './makefile-rules.ts';
import { fileText, inDirectory, runTask, textOf } from './project-file.ts';

/** `make TARGET…`: the recipes of the targets and of what they need. */
export function make(carried: Carried): void {
  const { args } = carried;
  let dir: string | undefined;
  let file: string | undefined;
  const goals: string[] = [];
  const variables = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const text = textOf(args[i]);
    if (/^(?:-C|--directory)$/.test(text)) dir = textOf(args[++i]);
    else if (/^-C.|^--directory=/.test(text)) dir = text.replace(/^-C|^--directory=/, '');
    else if (/^(?:-f|--file|--makefile)$/.test(text)) file = textOf(args[++i]);
    else if (/^-f.|^--(?:make)?file=/.test(text)) file = text.replace(/^-f|^--(?:make)?file=/, '');
    else if (/^(?:-j|-l|-I|-o|-W)$/.test(text) && /^[\d.]+$/.test(textOf(args[i + 1]))) i++;
    else if (/^[A-Za-z_][\w.]*[:+?]?=/.test(text))
      variables.set(text.split(/[:+?]?=/)[0] ?? '', text.replace(/^[^=]*=/, ''));
    else if (
      /^-[A-Za-z]*n|^--(?:just-print|dry-run|recon|question|version|help|print-data-base)$/.test(text) &&
      !text.startsWith('--no')
    )
      return;
    else if (text !== '' && !text.startsWith('-')) goals.push(text);
  }
  const state = inDirectory(carried.state, dir);
  // Each line of a recipe is given to this.
  const ownShell = variables.get('SHELL');
  if (ownShell !== undefined) runTask(carried, state, 'make SHELL', ownShell);
  const names = file === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [file];
  const typed = carried.shell.input();
  const source =
    file === '-'
      ? typed?.kind === 'known'
        ? typed.text
        : undefined
      : names.map((name) => fileText(carried, state, name)).find((text) => text !== undefined);
  if (source === undefined) return;
  const include = (text: string, depth: number): string =>
    text.replace(/^ *[-s]?include[ \t]+(.+)$/gm, (_, list: string) =>
      list
        .trim()
        .split(/\s+/)
        .map((name) => (depth > 3 ? '' : include(fileText(carried, state, name) ?? '', depth + 1)))
        .join('\n'),
    );
  const { rules, settings } = parseMakefile(include(source, 0));
  for (const [name, value] of settings) if (!variables.has(name)) variables.set(name, value);
  const first = rules.find(({ targets }) =>
    targets.some((target) => !target.startsWith('.') && !target.includes('%')),
  );
  const wanted = goals.length > 0 ? goals : (first?.targets.slice(0, 1) ?? []);
  const done = new Set<string>();
  const build = (target: string): void => {
    if (done.has(target) || done.size > 500) return;
    done.add(target);
    for (const rule of rules.filter(({ targets }) => targets.some((one) => isTarget(one, target)))) {
      for (const need of rule.needs) build(fillInMake(need, variables));
      const text = rule.recipe
        .map(({ text: line }) => fillInMake(line, variables, target).replace(/^[@+-\s]+/, ''))
        .join('\n');
      if (text.trim() !== '') runTask(carried, state, `make ${target}`, text);
    }
  };
  for (const goal of wanted) build(goal);
}

function isTarget(pattern: string, target: string): boolean {
  if (!pattern.includes('%')) return pattern === target;
  const [head = '', tail = ''] = pattern.split('%');
  return target.length >= pattern.length && target.startsWith(head) && target.endsWith(tail);
}
