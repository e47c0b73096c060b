/** A line of a file, counted from 1; where a line goes on in the next, both. */
type Line = { readonly text: string; readonly line: number };

export type MakeRule = {
  readonly targets: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: Line[];
};

/** The rules of a makefile and the values that it gives its variables. */
export function parseMakefile(source: string): { rules: MakeRule[]; settings: Map<string, string> } {
  const rules: MakeRule[] = [];
  const settings = new Map<string, string>();
  let current: MakeRule | undefined;
  /** Between `define NAME` and `endef`: the name. */
  let defined: string | undefined;
  for (const { text: line, line: number } of joinedLines(source)) {
    if (defined !== undefined) {
      if (/^\s*endef\b/.test(line)) defined = undefined;
      else settings.set(defined, [settings.get(defined) ?? [], line].flat().join('\n'));
      continue;
    }
    defined = /^\s*define\s+([\w.-]+)/.exec(line)?.[1];
    if (defined !== undefined) {
      settings.delete(defined);
      continue;
    }
    if (line.startsWith('\t')) {
      current?.recipe.push({ text: line.slice(1), line: number });
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
    current = {
      targets,
      needs,
      recipe: rule[3] === undefined ? [] : [{ text: rule[3].trim(), line: number }],
    };
    rules.push(current);
  }
  return { rules, settings };
}

/** Make's own references filled in; `$$` is the shell's `$`. What is not known becomes a variable nobody knows. */
export function fillInMake(
  text: string,
  variables: ReadonlyMap<string, string>,
  target = '',
  depth = 0,
): string {
  return text.replaceAll(
    /\$(?:\$|\(shell ([^()]*(?:\([^()]*\)[^()]*)*)\)|[({]([\w.-]+)[)}]|([@<^?*+|%])|[({][^(){}]*(?:\([^()]*\)[^(){}]*)*[)}]|(\w))/g,
    (whole, command, name, automatic, letter) => {
      if (whole === '$$') return '$';
      if (command !== undefined) return `$(${fillInMake(command, variables, target, depth + 1)})`;
      if (automatic === '@') return target;
      const value = variables.get(name ?? letter ?? '');
      if (name === 'MAKE') return 'make';
      if (value === undefined || depth > 8) return '${_unknown}';
      return fillInMake(value, variables, target, depth + 1);
    },
  );
}

/** The lines of a makefile, those joined that end with a backslash. */
function joinedLines(source: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  let parts: string[] = [];
  for (const [i, line] of source.split(/\r?\n/).entries()) {
    if (parts.length === 0) start = i + 1;
    const goesOn = line.endsWith('\\');
    const text = goesOn ? line.slice(0, -1) : line;
    parts.push(parts.length === 0 ? text : text.replace(/^[ \t]+/, ''));
    if (goesOn) continue;
    lines.push({ text: parts.join(' '), line: start });
    parts = [];
  }
  return parts.length === 0 ? lines : [...lines, { text: parts.join(' '), line: start }];
}
