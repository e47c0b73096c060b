import { hostname } from 'node:os';
import { decide } from './engine/decide.ts';
import { mayBeUnlocked, unlocked } from './engine/unlock.ts';
import { callCode, callDigest, takeUnlock } from './host/allow-once.ts';
import { isDiscarded, writeAll } from './host/answer.ts';
import { appendRecord } from './host/audit-log.ts';
import { keepCode } from './host/code-cache.ts';
import { loadConfig, noConfig } from './host/config.ts';
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
import { judgeBy } from './judge.ts';
import { readSwitch } from './killswitch/file.ts';
import { readRemote, type Verdict as Switch, sharedDirs } from './killswitch/remote.ts';
import { compiler } from './lazy.ts';
import type { Call } from './model/call.ts';
import type { Decision, Verdict } from './model/decision.ts';
import type { Facts } from './model/facts.ts';
import type { Rollout, StageInForce } from './model/stage.ts';
import type { PolicyStore } from './policy/store.ts';
import { claudeCode } from './protocol/claude-code.ts';
import type { Answer, Halt, Protocol } from './protocol/protocol.ts';
import { configNotes } from './report/config-notes.ts';
import { denialForModel, denialForUser } from './report/denial.ts';
import { eventRecordOf } from './report/event-record.ts';
import { type More, recordOf } from './report/record.ts';

import { currentStage, stageInForce } from './rollout/stage.ts';

/** Milliseconds since the process started; `performance` would have to be loaded first. */
const elapsed = (): number => process.uptime() * 1000;

const largestInput = 16 * 1024 * 1024;

/**
 * Reads what a host asks from standard input, judges, records and answers it, and ends the process: 0 judged, 2 blocked
 * in the way that needs no answer, or not judged at all.
 */
export function runHook(own: Code = notKept, host: Protocol = claudeCode): never {
  let status = 2;
  let calls: readonly Call[] = [];
  try {
    const input = readStdin(largestInput);
    // The time that the writer took, and the start under load, are not the decision's.
    const started = elapsed();
    calls = host.decode(textOf(input), process.cwd);
    const answer = answerAll(calls, host, started);
    if (answer.stdout !== '') {
      if (isDiscarded(1)) throw new Error('standard output is closed');
      writeAll(1, answer.stdout);
    }
    if (answer.stderr !== undefined) writeAll(2, answer.stderr);
    // The launcher takes this status alone for a judgement; an empty bundle, too, would end with 0.
    else status = process.env.BLASTGUARD_LAUNCHER === '1' ? 100 : 0;
  } catch (error) {
    complain(error);
  }
  if (status !== 2) {
    const [call] = calls;
    if (call !== undefined && own.isNew()) judgeUsual(call.cwd, host);
    keepCode();
    own.keep();
  }
  process.exit(status);
}

/** The machine code of this file: whether none was kept of it, and what keeps it. */
type Code = { isNew(): boolean; keep(): void };
const notKept: Code = { isNew: () => false, keep: () => {} };

/** Calls such as most are. */
const usual: readonly Pick<Call, 'tool' | 'input'>[] = [
  { tool: 'Bash', input: { command: 'ls -la' } },
  { tool: 'Bash', input: { command: 'git log --oneline | head -3 && echo "done $HOME"' } },
  { tool: 'Bash', input: { command: 'terraform destroy' } },
  { tool: 'Read', input: { file_path: 'a.txt' } },
  { tool: 'Edit', input: { file_path: 'a.txt', old_string: 'a', new_string: 'b' } },
];

/** In ms; a twentieth of a second is usual. */
const LONGEST_USUAL = 500;

/**
 * Judges calls that nobody made, once after an update. The machine code that is kept holds what has run: without this,
 * what the first call did not need would be compiled by every later one.
 */
function judgeUsual(cwd: string, host: Protocol): void {
  const started = elapsed();
  const checkTime = () => {
    if (elapsed() - started > LONGEST_USUAL) throw new Error('it takes too long');
  };
  try {
    const policy = openBuiltInPolicy();
    for (const { tool, input } of usual) {
      const call: Call = { event: 'PreToolUse', tool, input, cwd, permissionMode: 'auto', sessionId: '' };
      const facts = gatherFacts(call, process.env, checkTime);
      const decision = judge(call, facts, policy, noConfig, undefined, checkTime);
      recordOf(call, facts.projectDir, decision, { time: 0, pid: 0, hostname: '', took: 0 });
      if (decision.verdict !== 'pass') host.answer(call, decision, textsFor(decision, []));
    }
  } catch {
    // Then less is kept.
  }
}

/** The strictest answer to the calls that make up what a host asks about; one patch changes many files. */
function answerAll(calls: readonly Call[], host: Protocol, started: number): Answer {
  let asked: Answer | undefined;
  for (const call of calls) {
    const { verdict, answer } = answerTo(call, host, started);
    if (verdict === 'deny') return answer;
    if (verdict === 'ask') asked ??= answer;
  }
  return asked ?? host.silence;
}

type Answered = { readonly verdict: Verdict; readonly answer: Answer };

function answerTo(call: Call, host: Protocol, started: number): Answered {
  const silent = { verdict: 'pass', answer: host.silence } as const;
  let deadline = Number.POSITIVE_INFINITY;
  const checkTime = () => {
    if (elapsed() - started > deadline) throw new Error(`it took longer than ${deadline} ms to judge`);
  };
  let loaded: LoadedConfig | undefined;
  const facts = gatherFacts(call, process.env, checkTime, () => sharedDirs(loaded?.config));
  if (call.said !== undefined) {
    keepEvent(call, facts);
    return silent;
  }
  if (call.event !== 'PreToolUse' && call.event !== 'UserPromptSubmit') return silent;
  const thrown = readSwitch(facts);
  if (thrown.thrown) return halted(call, host, facts, thrown);
  const places = configPlaces(process.env, facts.projectDir);
  const policy = lazilyOpened();
  const load = () => loadConfig(places, process.env, policy, () => compiler().compileConfig);
  if (call.event === 'UserPromptSubmit') return answerPrompt(call, host, facts, load);
  loaded = load();
  const asked = elapsed();
  const remote = remoteSwitch(loaded, facts);
  // The deadline is that of the decision.
  started += elapsed() - asked;
  if (remote.kind === 'thrown') return halted(call, host, facts, { file: remote.source, ...remote.thrown });
  if (remote.kind === 'unknown') {
    tryToRecord(call, facts, `unknown: ${remote.why}`);
    return { verdict: 'deny', answer: host.unknown(call, remote.why) };
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
  if (decision.verdict === 'pass') return silent;
  const texts = textsFor(decision, configNotes(loaded.reports()), digest);
  return { verdict: decision.verdict, answer: host.answer(call, decision, texts) };
}

const textsFor = (decision: Decision, notes: readonly string[], digest?: string) => ({
  model: denialForModel(decision, notes),
  user: denialForUser(decision, digest && callCode(digest)),
});

/** A prompt does nothing by itself: it is stopped by a switch that is thrown, and not by what cannot be read. */
function answerPrompt(call: Call, host: Protocol, facts: Facts, load: () => LoadedConfig): Answered {
  try {
    const remote = remoteSwitch(load(), facts);
    if (remote.kind === 'thrown') return halted(call, host, facts, { file: remote.source, ...remote.thrown });
  } catch {
    // The calls that it leads to are denied.
  }
  return { verdict: 'pass', answer: host.silence };
}

function halted(call: Call, host: Protocol, facts: Facts, halt: Halt): Answered {
  const answer = host.halted(call, halt);
  tryToRecord(call, facts, halt.reason);
  return { verdict: 'deny', answer };
}

function tryToRecord(call: Call, facts: Facts, why: string): void {
  try {
    keepRecord(call, facts, { verdict: 'deny', findings: [] }, { halted: why });
  } catch {
    // The call is denied either way.
  }
}

const nothingToAsk: Switch = { kind: 'clear', notes: [] };

/** What the sources of the organisation's switch say. */
function remoteSwitch({ config: { killSwitch } }: LoadedConfig, { projectDir }: Facts): Switch {
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
  loaded: LoadedConfig,
  stage: StageInForce | undefined,
  checkTime: () => void,
): Decision {
  const decision = decide(call, judgeBy(policy, loaded, facts, checkTime, stage));
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
function keepEvent(call: Call, facts: Facts): void {
  const when = { time: Date.now(), pid: process.pid, hostname: hostname() };
  appendRecord(eventRecordOf(call, facts.projectDir, when), stateDir(process.env));
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
