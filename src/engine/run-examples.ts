import type { Call } from '../model/call.ts';
import type { Decision } from '../model/decision.ts';
import type { InspectedPlan } from '../model/facts.ts';

/** A rule and the lines that show what it is for. */
export type Exemplified = {
  readonly id: string;
  readonly examples: {
    readonly deny: readonly string[];
    readonly ask: readonly string[];
    readonly pass: readonly string[];
  };
};

/** An example that came out otherwise than its pack says. `index` counts within its list. */
export type Failure = {
  readonly rule: string;
  readonly kind: 'deny' | 'ask' | 'pass';
  readonly index: number;
  readonly example: string;
  readonly problem: string;
};

/** The call that an example stands for: a command, or `TOOL JSON` for a tool call that is not a command. */
export function exampleCall(example: string, cwd: string): Call {
  const tool = /^([A-Z][A-Za-z]+|mcp__[\w-]+) (\{(?:"[\s\S]*)?\})$/.exec(example);
  return {
    event: 'PreToolUse',
    tool: tool?.[1] ?? 'Bash',
    input: tool?.[2] === undefined ? { command: example } : JSON.parse(tool[2]),
    cwd,
    permissionMode: 'auto',
    sessionId: 'example',
  };
}

/** The plan files of examples: what they are called says what an inspection found in them. */
export function examplePlan(path: string): InspectedPlan | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'safe.tfplan') return { age: 0, verdict: 'safe' };
  return name === 'destructive.tfplan' ? { age: 0, verdict: 'destructive' } : undefined;
}

/**
 * Runs the examples of rules. `deny` and `ask`: the call has that verdict at least, and the rule is among the findings
 * with that verdict of its own. `pass`: no rule at all speaks.
 */
export function runExamples(
  rules: readonly Exemplified[],
  cwd: string,
  decide: (call: Call) => Decision,
): Failure[] {
  return rules.flatMap(({ id, examples }) =>
    (['deny', 'ask', 'pass'] as const).flatMap((kind) =>
      examples[kind].flatMap((example, index): Failure[] => {
        const problem = problemWith(id, kind, decide(exampleCall(example, cwd)));
        return problem === undefined ? [] : [{ rule: id, kind, index, example, problem }];
      }),
    ),
  );
}

function problemWith(
  id: string,
  kind: 'deny' | 'ask' | 'pass',
  { verdict, findings }: Decision,
): string | undefined {
  const others = [...new Set(findings.map((finding) => `${finding.rule} (${finding.verdict})`))].join(', ');
  if (kind === 'pass') return verdict === 'pass' ? undefined : `is stopped by ${others}`;
  const own = findings.find((finding) => finding.rule === id);
  if (own === undefined)
    return others === '' ? 'passes: no rule speaks of it' : `this rule does not fire, only ${others}`;
  return own.verdict === kind
    ? undefined
    : `the rule answers ${own.verdict}${own.certainty === 'maybe' ? ', because it matches only perhaps' : ''}`;
}
