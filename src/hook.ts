import { hostname } from 'node:os';
import { decide } from './engine/decide.ts';
import { mayBeUnlocked, unlocked } from './engine/unlock.ts';
import { CODE_LENGTH, callDigest, takeUnlock } from './host/allow-once.ts';
import { isDiscarded, writeAll } from './host/answer.ts';
import { appendRecord } from './host/audit-log.ts';
import { keepCode } from './host/code-cache.ts';
import { loadConfig } from './host/config.ts';
import type { LoadedConfig } from './host/config-cache.ts';
import { configPlaces } from './host/config-files.ts';
import { gatherFacts } from './host/facts.ts';
import { stateDir } from './host/places.ts';
import { openBuiltInPolicy } from './host/policy-file.ts';
import { readStdin } from './host/stdin.ts';
import { readSwitch } from './killswitch/file.ts';
import { callReader, compiler } from './lazy.ts';
import type { Call } from './model/call.ts';
import type { Decision } from './model/decision.ts';
import type { Facts } from './model/facts.ts';
import type { PolicyStore } from './policy/store.ts';
import { type Answer, answerCall, answerHalted, decodeCall } from './protocol/claude-code.ts';
import { configNotes } from './report/config-notes.ts';
import { denialForModel, denialForUser } from './report/denial.ts';
import { recordOf } from './report/record.ts';

/** Milliseconds since the process started; `performance` would have to be loaded first. */
const elapsed = (): number => process.uptime() * 1000;

const largestInput = 16 * 1024 * 1024;

/** Reads one call from standard input, judges, records and answers it, and ends the process: 0 judged, 2 anything else. */
export function runHook(atEnd: () => void = () => {}): never {
  let status = 2;
  try {
    const input = readStdin(largestInput);
    // The time that the writer took, and the start under load, are not the decision's.
    const started = elapsed();
    const answer = answerTo(decodeCall(input), started);
    if (answer.stdout !== '') {
      if (isDiscarded(1)) throw new Error('standard output is closed');
      writeAll(1, answer.stdout);
    }
    // The launcher takes this status alone for a judgement; an empty bundle, too, would end with 0.
    status = process.env.BLASTGUARD_LAUNCHER === '1' ? 100 : 0;
  } catch (error) {
    complain(error);
  }
  if (status !== 2) {
    keepCode();
    atEnd();
  }
  process.exit(status);
}

function answerTo(call: Call, started: number): Answer {
  if (call.event !== 'PreToolUse' && call.event !== 'UserPromptSubmit') return { stdout: '' };
  let deadline = Number.POSITIVE_INFINITY;
  const checkTime = () => {
    if (elapsed() - started > deadline) throw new Error(`it took longer than ${deadline} ms to judge`);
  };
  const facts = gatherFacts(call, process.env, checkTime);
  const halt = readSwitch(facts);
  if (halt.thrown) {
    const answer = answerHalted(call, halt);
    try {
      keepRecord(call, facts, { verdict: 'deny', findings: [] }, { halted: halt.reason });
    } catch {
      // The call is denied either way.
    }
    return answer;
  }
  if (call.event === 'UserPromptSubmit') return { stdout: '' };
  const policy = openBuiltInPolicy();
  const places = configPlaces(process.env, facts.projectDir);
  const loaded = loadConfig(places, process.env, policy, () => compiler().compileConfig);
  deadline = loaded.config.deadline;
  const judged = judge(call, facts, policy, loaded, checkTime);
  const { decision, digest } = withUnlock(call, judged);
  try {
    keepRecord(call, facts, decision, digest === undefined ? {} : { call: digest });
  } catch (error) {
    if (loaded.config.onLogFailure === 'deny' && decision.verdict !== 'deny')
      throw new Error(`it cannot be recorded (${messageOf(error)})`);
  }
  if (decision.verdict === 'pass') return { stdout: '' };
  return answerCall(decision, {
    model: denialForModel(decision, configNotes(loaded.reports())),
    user: denialForUser(decision, digest?.slice(0, CODE_LENGTH)),
  });
}

function judge(
  call: Call,
  facts: Facts,
  policy: PolicyStore,
  { config, own }: LoadedConfig,
  checkTime: () => void,
): Decision {
  const decision = decide(call, {
    policy,
    own,
    levels: config.levels,
    now: config.levels.length === 0 ? '' : new Date().toISOString(),
    facts,
    read: callReader(facts, checkTime),
    onUncertain: config.onUncertain,
    checkTime,
  });
  checkTime();
  return decision;
}

/** A denial that a person unlocked passes, once; of another that could be, what tells its call from others. */
function withUnlock(call: Call, decision: Decision): { decision: Decision; digest?: string } {
  if (!mayBeUnlocked(decision)) return { decision };
  const digest = callDigest(call);
  if (digest === undefined) return { decision };
  const unlock = takeUnlock(stateDir(process.env), digest, Date.now());
  return unlock === undefined ? { decision, digest } : { decision: unlocked(decision, unlock.by) };
}

function keepRecord(
  call: Call,
  facts: Facts,
  decision: Decision,
  more: { readonly halted?: string; readonly call?: string },
): void {
  const when = { time: Date.now(), pid: process.pid, hostname: hostname(), took: elapsed() };
  appendRecord(recordOf(call, facts.projectDir, decision, when, more), stateDir(process.env));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function complain(error: unknown): void {
  const text = `blastguard could not judge this call, so it is denied: ${messageOf(error)}.\nThe guard failed, not the command; \`blastguard status\` in a terminal shows its state.\n`;
  try {
    writeAll(2, text);
  } catch {
    // The status alone has to do.
  }
}
