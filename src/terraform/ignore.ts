import type { Span } from '../model/command.ts';
import type { Comment } from './hcl/syntax.ts';

const mark = /blastguard:ignore\b[ \t]*([^\n]*)/g;

/** What is wrong with a comment that is to excuse findings. */
export type IgnoreFault = {
  readonly check: 'ignore';
  readonly severity: 'high';
  readonly problem: 'bad-ignore';
  readonly message: string;
  readonly remedy: string;
  readonly span: Span;
};

export type Ignores = {
  /** The reason why a finding does not count, where a comment gives one. */
  reasonFor(check: string): string | undefined;
  readonly faults: readonly IgnoreFault[];
};

/** What `# blastguard:ignore CHECK[, CHECK…]: REASON` in the comments of a resource excuses. `all` is every check. */
export function ignoresOf(comments: readonly Comment[]): Ignores {
  const reasons = new Map<string, string>();
  const faults: IgnoreFault[] = [];
  for (const { text, span } of comments) {
    for (const [, rest = ''] of text.matchAll(mark)) {
      const [, checks = '', reason = ''] =
        /^([\w., -]*?)[ \t]*:[ \t]*(.*?)(?:\*\/)?[ \t\r]*$/.exec(rest) ?? [];
      const names = checks.split(/[\s,]+/).filter(Boolean);
      if (names.length === 0 || reason.length < 3) {
        faults.push({
          check: 'ignore',
          severity: 'high',
          problem: 'bad-ignore',
          message: 'this comment excuses nothing: it needs what it excuses, and a reason',
          remedy: 'write `# blastguard:ignore prevent_destroy: REASON`',
          span,
        });
        continue;
      }
      for (const name of names) reasons.set(name, reason);
    }
  }
  return { reasonFor: (check) => reasons.get(check) ?? reasons.get('all'), faults };
}
