import type { Call } from '../model/call.ts';
import type { Certainty } from '../model/certainty.ts';
import type { Command, Reading } from '../model/command.ts';
import type { Decision, Finding } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import { programNames } from '../model/program.ts';
import type { FileRule, Rule, Severity, Tool } from '../model/rule.ts';
import { known, showWord } from '../model/word.ts';
import { matchRule, readArguments } from '../policy/match.ts';
import type { PolicyStore } from '../policy/store.ts';
import { type CommandText, commandTexts } from './call-texts.ts';
import { commandEffects, editedFile, type FileEffect } from './file-effects.ts';
import { matchFile } from './guard-files.ts';

/** What a decision needs beside the call. */
export type Judge = {
  readonly policy: PolicyStore;
  readonly facts: Facts;
  /** Reads a text of the call. */
  readonly read: (text: CommandText) => Reading;
  /** What a rule that matches only perhaps leads to. */
  readonly onUncertain: 'ask' | 'deny';
  /** Throws when the time for the decision is over. */
  readonly checkTime: () => void;
};

/** A text of the call and what was found in it. */
export type Examined = { readonly text: CommandText; readonly reading: Reading };
export type Examination = { readonly decision: Decision; readonly texts: readonly Examined[] };

/** Decides a call: deny before ask before pass, whatever the order of rules. Throws only what `checkTime` throws. */
export function decide(call: Call, judge: Judge): Decision {
  return examine(call, judge).decision;
}

/** Decides a call and keeps what was read on the way, for explanations. */
export function examine(call: Call, judge: Judge): Examination {
  const findings: Finding[] = [];
  const texts: Examined[] = [];
  const edited = editedFile(call);
  if (edited) findings.push(...judgeFiles([edited], call, judge));
  for (const text of commandTexts(call)) {
    const reading = judge.read(text);
    texts.push({ text, reading });
    for (const command of reading.commands) {
      judge.checkTime();
      findings.push(...judgeCommand(command, judge), ...judgeFiles(commandEffects(command), call, judge));
    }
    const doubt =
      reading.doubts.find(({ about }) => about !== 'syntax') ??
      (mentionsDanger(text.text, judge.policy) ? reading.doubts[0] : undefined);
    if (doubt) findings.push(unprovenFinding(doubt.why, text.text, judge));
  }
  return { decision: conclude(findings, call.permissionMode), texts };
}

function judgeCommand(command: Command, judge: Judge): Finding[] {
  const [program] = command.words;
  if (program === undefined) return [];
  const names = programNames(program);
  const certain: Certainty = program.kind === 'one-of' ? 'maybe' : 'yes';
  if (names === undefined)
    return judge.policy.unknownProgram().flatMap((tool) => judgeTool(tool, command, 'maybe', judge));
  return names.flatMap((name) => {
    const tool = judge.policy.tool(name);
    const own = isInterpreter.test(name) ? judgeOwnProgram(command, judge) : [];
    return tool === undefined ? own : [...own, ...judgeTool(tool, command, certain, judge)];
  });
}

const isInterpreter = /^(?:node|nodejs|bun)$/;

/** `node …/dist/cli.cjs resume` is `blastguard resume`. */
function judgeOwnProgram(command: Command, judge: Judge): Finding[] {
  const at = command.words.findIndex((word, i) => i > 0 && !showWord(word).startsWith('-'));
  const script = command.words[at];
  if (script?.kind !== 'known') return [];
  const path = judge.facts.realPath(
    script.text.startsWith('/') ? script.text : `${command.cwd ?? judge.facts.cwd}/${script.text}`,
  );
  const own =
    /(?:^|\/)blastguard$/.test(script.text) ||
    (/(?:^|\/)cli\.cjs$/.test(path) && judge.facts.guard.program.some((dir) => path.startsWith(`${dir}/`)));
  const tool = own ? judge.policy.tool('blastguard') : undefined;
  return tool === undefined
    ? []
    : judgeTool(
        tool,
        { ...command, words: [known('blastguard'), ...command.words.slice(at + 1)] },
        'yes',
        judge,
      );
}

function judgeTool(
  tool: Tool,
  command: Command,
  limit: 'yes' | 'maybe',
  { facts, onUncertain }: Judge,
): Finding[] {
  const args = readArguments(tool, command, facts);
  return tool.rules.flatMap((rule) => {
    const certainty = matchRule(rule, tool, command, args, facts);
    if (certainty === 'no') return [];
    if (rule.onUncertain === 'pass' && (certainty === 'maybe' || limit === 'maybe')) return [];
    const subject = command.words.map(showWord).join(' ');
    return [finding(rule, limit === 'maybe' ? 'maybe' : certainty, subject, command.via, onUncertain)];
  });
}

function judgeFiles(
  effects: readonly FileEffect[],
  call: Call,
  { policy, facts, onUncertain }: Judge,
): Finding[] {
  if (effects.length === 0) return [];
  return policy.files().flatMap((rule) =>
    effects.flatMap((effect) => {
      const patterns = effect.kind === 'remove' ? rule.removes : rule.writes;
      const matched = patterns.some((pattern) => matchFile(pattern, effect, facts, call) === 'yes');
      if (!matched) return [];
      const subject = effect.command
        ? effect.command.words.map(showWord).join(' ') || `> ${showWord(effect.path)}`
        : `${call.tool} ${showWord(effect.path)}`;
      return [finding(rule, 'yes', subject, effect.command?.via ?? [], onUncertain)];
    }),
  );
}

function finding(
  rule: Rule | FileRule,
  certainty: 'yes' | 'maybe',
  subject: string,
  via: readonly string[],
  onUncertain: 'ask' | 'deny',
): Finding {
  const { id, title, severity, decision, reason, instead } = rule;
  return {
    rule: id,
    title,
    severity,
    verdict: certainty === 'yes' ? decision : onUncertain,
    certainty,
    subject,
    via,
    reason,
    instead,
  };
}

/**
 * Whether a line that is not valid shell names a program that a rule speaks of, or one that runs code. Bash rejects
 * such a line; where it names neither, nothing is gained by asking about it.
 */
function mentionsDanger(text: string, policy: PolicyStore): boolean {
  const names = new Set(text.match(/[A-Za-z0-9_.+-]+/g)?.slice(0, 1000));
  return [...names].some(
    (name) => /^(?:eval|source|exec|(?:ba|z|da|k|a)?sh)$/.test(name) || policy.tool(name) !== undefined,
  );
}

function unprovenFinding(why: string, text: string, { onUncertain }: Judge): Finding {
  return {
    rule: 'shell/unproven',
    title: 'The line cannot be read to the end',
    severity: 'medium',
    verdict: onUncertain,
    certainty: 'maybe',
    subject: text,
    via: [],
    reason: `What this line would run cannot be proven before it runs: ${why}.`,
    instead:
      'Write the commands out plainly, one at a time, with quotes closed and values in place of what is computed.',
  };
}

const weight: Readonly<Record<Severity, number>> = { critical: 3, high: 2, medium: 1, low: 0 };
const strictness = (finding: Finding): number =>
  (finding.verdict === 'deny' ? 10 : 0) + (finding.certainty === 'yes' ? 5 : 0) + weight[finding.severity];

/** Modes in which somebody may be there to answer a question. */
const attended = new Set(['default', 'manual', 'acceptEdits', 'plan', 'auto']);

function conclude(found: readonly Finding[], permissionMode: string): Decision {
  const distinct = new Map<string, Finding>();
  for (const one of found) {
    const key = `${one.rule}\n${one.subject}`;
    const have = distinct.get(key);
    if (have === undefined || strictness(one) > strictness(have)) distinct.set(key, one);
  }
  const findings = [...distinct.values()].sort((a, b) => strictness(b) - strictness(a));
  const [strictest] = findings;
  if (strictest === undefined) return { verdict: 'pass', findings };
  if (strictest.verdict === 'deny' || !attended.has(permissionMode)) return { verdict: 'deny', findings };
  return { verdict: 'ask', findings };
}
