import type { Command, Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { programNames } from '../model/program.ts';
import { matchPattern, readArguments } from '../policy/match.ts';
import type { PolicyStore } from '../policy/store.ts';

/** These change neither files nor what a tool remembers. */
const quiet =
  /^(?:cd|echo|printf|export|set|true|false|:|test|\[|\[\[|pwd|ls|cat|head|tail|grep|wc|jq|sleep|date|read|local|exit)$/;

/** These run what stands behind them, which is a command of the text itself. */
const carriers = /^(?:xargs|sudo|env|time|nohup|nice|timeout|command)$/;

/** What a pack says only reads may still choose what the next command acts on. */
const chooses =
  /^(?:select|use|use-context|switch|set|activate|login|auth|checkout|ctx|context|env|project|link)$/;

/**
 * Whether nothing else in the text can change what files say before a command runs: `kubectl config use-context prod`
 * before `kubectl delete` makes the current context of a moment ago worth nothing.
 */
export function isAlone(command: Command, reading: Reading, policy: PolicyStore, facts: Facts): boolean {
  if (!reading.complete) return false;
  return reading.commands.every((other) => other === command || isQuiet(other, policy, facts));
}

function isQuiet(command: Command, policy: PolicyStore, facts: Facts): boolean {
  const [program] = command.words;
  const writes = command.redirections.some(
    ({ operator, target }) =>
      operator.includes('>') && !(target.kind === 'known' && /^(?:\/dev\/null|\d)$/.test(target.text)),
  );
  if (program === undefined) return command.redirections.length === 0;
  if (writes) return false;
  const names = programNames(program);
  return (
    names?.every(
      (name) => quiet.test(name) || carriers.test(name) || onlyReads(name, command, policy, facts),
    ) === true
  );
}

function onlyReads(name: string, command: Command, policy: PolicyStore, facts: Facts): boolean {
  const tool = policy.tool(name);
  if (tool === undefined || tool.reads.length === 0) return false;
  const args = readArguments(tool, command, facts);
  if (args.words.some(({ word }) => word.kind !== 'known' || chooses.test(word.text))) return false;
  return tool.reads.some((pattern) => matchPattern(pattern, tool, args).certainty === 'yes');
}
