/** A comment that excuses findings, on their line or on the one above. */
export type Ignore = { readonly line: number; readonly rules: readonly string[]; readonly reason: string };
export type IgnoreFault = { readonly line: number; readonly message: string };

/** What `# blastguard:ignore RULE[, RULE…]: REASON` in a file excuses, and the comments that excuse nothing. */
export function ignoresIn(source: string): {
  readonly ignores: readonly Ignore[];
  readonly faults: readonly IgnoreFault[];
} {
  const ignores: Ignore[] = [];
  const faults: IgnoreFault[] = [];
  for (const [i, text] of source.split(/\r?\n/).entries()) {
    const [, rest] = /(?:#|\/\/|--|<!--)[^#]*\bblastguard:ignore\b[ \t]*(.*)/.exec(text) ?? [];
    if (rest === undefined) continue;
    const [, names = '', reason = ''] = /^([\w./*, -]*?)[ \t]*:[ \t]*(.*?)(?:-->|\*\/)?\s*$/.exec(rest) ?? [];
    const rules = names.split(/[\s,]+/).filter(Boolean);
    if (rules.length > 0 && reason.length >= 3) ignores.push({ line: i + 1, rules, reason });
    else
      faults.push({
        line: i + 1,
        message:
          'this comment excuses nothing: it needs what it excuses, and a reason; write `blastguard:ignore RULE: REASON`',
      });
  }
  return { ignores, faults };
}

/** The comment that excuses a finding of a rule at a line. */
export const ignoreFor = (ignores: readonly Ignore[], rule: string, line: number): Ignore | undefined =>
  ignores.find(
    (one) =>
      (one.line === line || one.line === line - 1) && (one.rules.includes(rule) || one.rules.includes('all')),
  );
