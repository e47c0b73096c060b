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
import { refresher } from './host/installation.ts';
import { stateDir } from './host/places.ts';
import { openBuiltInPolicy } from './host/policy-file.ts';
import { addPending, pendingReviews } from './host/review.ts';
import { readSetStage } from './host/rollout.ts';
import { readStdin, textOf } from './host/stdin.ts';
import { refresh, switchState } from './host/switch-state.ts';
import { wait } from './host/wait.ts';
import { readSwitch } from './killswitch/file.ts';
import { readRemote, sharedDirs, type Verdict } from './killswitch/remote.ts';
import { callReader, compiler, protectionReader } from './lazy.ts';
import type { Call } from './model/call.ts';
import type { Decision } from './model/decision.ts';
import type { Facts } from './model/facts.ts';
import type { Rollout, StageInForce } from './model/stage.ts';
import type { PolicyStore } from './policy/store.ts';
import {
  type Answer,
  answerCall,
  answerHalted,
  answerUnknown,
  decodeCall,
  type Halt,
} from './protocol/claude-code.ts';
import { configNotes } from './report/config-notes.ts';
import { denialForModel, denialForUser } from './report/denial.ts';
import { eventRecordOf } from './report/event-record.ts';
import { type More, recordOf } from './report/record.ts';

import { currentStage, stageInForce } from './rollout/stage.ts';

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
    const answer = answerTo(decodeCall(textOf(input)), started);
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
  let deadline = Number.POSITIVE_INFINITY;
  const checkTime = () => {
    if (elapsed() - started > deadline) throw new Error(`it took longer than ${deadline} ms to judge`);
  };
  let loaded: LoadedConfig | undefined;
  const facts = gatherFacts(call, process.env, checkTime, () => sharedDirs(loaded?.config));
  if (call.said !== undefined) return keepEvent(call, facts);
  if (call.event !== 'PreToolUse' && call.event !== 'UserPromptSubmit') return { stdout: '' };
  const thrown = readSwitch(facts);
  if (thrown.thrown) return halted(call, facts, thrown);
  const places = configPlaces(process.env, facts.projectDir);
  const policy = lazilyOpened();
  const load = () => loadConfig(places, process.env, policy, () => compiler().compileConfig);
  if (call.event === 'UserPromptSubmit') return answerPrompt(call, facts, load);
  loaded = load();
  const asked = elapsed();
  const remote = remoteSwitch(loaded, facts);
  // The deadline is that of the decision.
  started += elapsed() - asked;
  if (remote.kind === 'thrown') return halted(call, facts, { file: remote.source, ...remote.thrown });
  if (remote.kind === 'unknown') {
    tryToRecord(call, facts, `unknown: ${remote.why}`);
    return answerUnknown(remote.why);
  }
  deadline = loaded.config.deadline;
  const stage = loaded.config.rollout && readStage(loaded.config.rollout, call);
  const judged = judge(call, facts, policy(), loaded, stage, checkTime);
  const { decision, digest } = withUnlock(call, judged);
  const notes = remote.notes.length === 0 ? {} : { unread: remote.notes };
  try {
    keepRecord(call, facts, decision, {
      ...notes,
      ...(digest === undefined ? {} : { call: digest }),
      ...(stage === undefined ? {} : { stage: stage.name }),
    });
    if (stage !== undefined) keepPending(call, decision, stage);
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

/** A prompt does nothing by itself: it is stopped by a switch that is thrown, and not by what cannot be read. */
function answerPrompt(call: Call, facts: Facts, load: () => LoadedConfig): Answer {
  try {
    const remote = remoteSwitch(load(), facts);
    if (remote.kind === 'thrown') return halted(call, facts, { file: remote.source, ...remote.thrown });
  } catch {
    // The calls that it leads to are denied.
  }
  return { stdout: '' };
}

function halted(call: Call, facts: Facts, halt: Halt): Answer {
  const answer = answerHalted(call, halt);
  tryToRecord(call, facts, halt.reason);
  return answer;
}

function tryToRecord(call: Call, facts: Facts, why: string): void {
  try {
    keepRecord(call, facts, { verdict: 'deny', findings: [] }, { halted: why });
  } catch {
    // The call is denied either way.
  }
}

const nothingToAsk: Verdict = { kind: 'clear', notes: [] };

/** What the sources of the organisation's switch say. */
function remoteSwitch({ config: { killSwitch } }: LoadedConfig, { projectDir }: Facts): Verdict {
  if (killSwitch === undefined || killSwitch.sources.length === 0) return nothingToAsk;
  const { sources } = killSwitch;
  const state = switchState(process.env, projectDir, killSwitch);
  return readRemote(sources, state.cache, {
    now: Date.now,
    wait,
    refresh: (asked) => refresh(refresher(), projectDir, state, process.env, asked),
  });
}

function lazilyOpened(): () => PolicyStore {
  let opened: PolicyStore | undefined;
  return () => {
    opened ??= openBuiltInPolicy();
    return opened;
  };
}

function judge(
  call: Call,
  facts: Facts,
  policy: PolicyStore,
  { config, own }: LoadedConfig,
  stage: StageInForce | undefined,
  checkTime: () => void,
): Decision {
  const decision = decide(call, {
    policy,
    own,
    levels: config.levels,
    now: config.levels.length === 0 ? '' : new Date().toISOString(),
    facts,
    read: callReader(facts, checkTime),
    unprotects: protectionReader(facts),
    onUncertain: config.onUncertain,
    ...(stage === undefined ? {} : { stage }),
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

function keepRecord(call: Call, facts: Facts, decision: Decision, more: More): void {
  const client = Number(process.env.CLAUDE_PID);
  const when = {
    time: Date.now(),
    pid: process.pid,
    hostname: hostname(),
    ...(client > 0 ? { client } : {}),
    took: elapsed(),
  };
  appendRecord(recordOf(call, facts.projectDir, decision, when, more), stateDir(process.env));
}

function readStage(rollout: Rollout, call: Call): StageInForce {
  const state = stateDir(process.env);
  const { name } = currentStage(rollout, readSetStage(state), Date.now());
  return stageInForce(rollout, name, call.sessionId, () => pendingReviews(state));
}

/** A session that changes production where reviews are demanded waits for one from now on. */
function keepPending(
  { sessionId }: Call,
  { verdict, touched }: Decision,
  { demandsReview }: StageInForce,
): void {
  if (!demandsReview || verdict === 'deny') return;
  if (touched?.some(({ effect, landing }) => effect !== 'reads' && landing.class === 'production'))
    addPending(stateDir(process.env), sessionId);
}

/** An event that decides nothing is only recorded; the session does not wait for it. */
function keepEvent(call: Call, facts: Facts): Answer {
  const when = { time: Date.now(), pid: process.pid, hostname: hostname() };
  appendRecord(eventRecordOf(call, facts.projectDir, when), stateDir(process.env));
  return { stdout: '' };
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
