export type Recipe = {
  readonly needs: readonly string[];
  /** Its lines, counted from 1. */
  readonly lines: { readonly text: string; readonly line: number }[];
};

/** The recipes of a justfile by name; the values that it gives its variables go to `variables`. */
export function parseJustfile(source: string, variables: Map<string, string>): Map<string, Recipe> {
  const recipes = new Map<string, Recipe>();
  let current: Recipe | undefined;
  for (const [i, line] of source.split(/\r?\n/).entries()) {
    if (/^[ \t]+\S/.test(line)) {
      current?.lines.push({ text: line.trim(), line: i + 1 });
      continue;
    }
    const setting = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(["'])(.*)\2\s*$/.exec(line);
    if (setting?.[1] !== undefined && !variables.has(setting[1])) variables.set(setting[1], setting[3] ?? '');
    const recipe = /^@?([A-Za-z_][\w-]*)([^:=]*):(?!=)(.*)$/.exec(line);
    if (!recipe?.[1]) continue;
    const needs = (recipe[3] ?? '').replaceAll(/[()&]/g, ' ').split(/\s+/).filter(Boolean);
    current = { needs, lines: [] };
    recipes.set(recipe[1], current);
  }
  return recipes;
}
