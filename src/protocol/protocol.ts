import type { Call } from '../model/call.ts';
import type { Decision } from '../model/decision.ts';

/** What a hook process prints. With `stderr` it ends with status 2, which every host takes for a block. */
export type Answer = { readonly stdout: string; readonly stderr?: string };

/** A switch that is thrown, as it is shown to the model and the user. */
export type Halt = {
  /** The file that halts, or the source. */
  readonly file: string;
  /** For whom it is thrown; of a file in the project or at home there is none. */
  readonly scope?: string;
  readonly reason: string;
  readonly by?: string;
  readonly at?: string;
  readonly until?: string;
};

/** The words of a decision: for the model, and for the person, who alone learns how to let a call through. */
export type Texts = { readonly model: string; readonly user: string };

/** How one host is spoken to. */
export type Protocol = {
  /** What the host asks about: none for an event that is not judged. Throws an Error that says what is wrong. */
  decode(text: string, here: () => string): readonly Call[];
  /** The answer to a call. Never one that switches off the host's own checks. */
  answer(call: Call, decision: Decision, texts: Texts): Answer;
  /** The answer while the kill switch is thrown. */
  halted(call: Call, halt: Halt): Answer;
  /** The answer while it cannot be known whether the switch is thrown. */
  unknown(call: Call, why: string): Answer;
  /** No objection. */
  readonly silence: Answer;
};

/** Why everything is denied while the switch is thrown. */
export function haltText(halt: Halt): string {
  const by = halt.by === undefined ? '' : `, thrown by ${halt.by}`;
  const at = halt.at === undefined ? '' : ` at ${halt.at}`;
  const scope = halt.scope === undefined ? '' : ` for ${halt.scope}`;
  const until = halt.until === undefined ? '' : ` or ${halt.until} has come`;
  const resume = `blastguard resume${halt.scope === undefined ? '' : ` --scope ${halt.scope}`}`;
  return `KILL SWITCH ACTIVE${scope}: ${halt.reason}${by}${at} (${halt.file}). Every tool call is denied until a person runs \`${resume}\` in a terminal of their own${until}.`;
}

/** Why everything is denied while nobody can say whether the switch is thrown. */
export const unknownText = (why: string): string =>
  `KILL SWITCH UNKNOWN: ${why}. Whether the switch is thrown cannot be known, so every tool call is denied (\`unreachable: deny\`) until its source answers again. This is not the command's fault; \`blastguard status\` in a terminal shows every source.`;

export const printed = (answer: object): Answer => ({ stdout: JSON.stringify(answer) });

/** The answer to a tool call in the form that Claude Code defined. */
export const toolAnswer = (verdict: Decision['verdict'], { model, user }: Texts, more: object = {}): Answer =>
  printed({
    ...more,
    systemMessage: user,
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: verdict,
      permissionDecisionReason: model,
    },
  });
