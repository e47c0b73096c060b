import type { Carried } from '../carriers.ts';
import { fileText, inDirectory, runTask, textOf } from './project-file.ts';

type MakeRule = {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: string[];
};

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
  const source = names.map((name) => fileText(carried, state, name)).find((text) => text !== undefined);
  if (source === undefined) return;
  const { rules, settings } = parseMakefile(source);
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
      for (const need of rule.needs) build(fillIn(need, variables));
      const text = rule.recipe
        .map((line) => fillIn(line, variables, target).replace(/^[@+-\s]+/, ''))
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

function parseMakefile(source: string): { rules: MakeRule[]; settings: Map<string, string> } {
  const rules: MakeRule[] = [];
  const settings = new Map<string, string>();
  let current: MakeRule | undefined;
  for (const line of source.replaceAll(/\\\r?\n[ \t]*/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      current?.recipe.push(line.slice(1));
      continue;
    }
    const setting = /^\s*(?:export\s+|override\s+)*([A-Za-z_][\w.]*)\s*(?:[:+?!]|::)?=\s*(.*)$/.exec(line);
    if (setting?.[1] !== undefined) {
      settings.set(setting[1], setting[2] ?? '');
      continue;
    }
    const rule = /^([^\s#:=][^#:=]*?)\s*::?(?!=)\s*([^#;]*)(?:;(.*))?/.exec(line);
    if (!rule) continue;
    const targets = (rule[1] ?? '').split(/\s+/);
    const needs = (rule[2] ?? '').split(/\s+/).filter((need) => need !== '' && need !== '|');
    current = { targets, needs, recipe: rule[3] === undefined ? [] : [rule[3].trim()] };
    rules.push(current);
  }
  return { rules, settings };
}

/** Make's own references filled in; `$$` is the shell's `$`. What is not known becomes a variable nobody knows. */
function fillIn(text: string, variables: ReadonlyMap<string, string>, target = '', depth = 0): string {
  return text.replaceAll(
    /\$(?:\$|\(shell ([^()]*(?:\([^()]*\)[^()]*)*)\)|[({]([\w.-]+)[)}]|([@<^?*+|%])|[({][^(){}]*(?:\([^()]*\)[^(){}]*)*[)}]|(\w))/g,
    (whole, command, name, automatic, letter) => {
      if (whole === '$$') return '$';
      if (command !== undefined) return `$(${fillIn(command, variables, target, depth + 1)})`;
      if (automatic === '@') return target;
      const value = variables.get(name ?? letter ?? '');
      if (name === 'MAKE') return 'make';
      if (value === undefined || depth > 8) return '${_unknown}';
      return fillIn(value, variables, target, depth + 1);
    },
  );
}
