import { hostname } from 'node:os';
import { join } from 'node:path';
import { decide } from './engine/decide.ts';
import { isDiscarded, writeAll } from './host/answer.ts';
import { appendRecord } from './host/audit-log.ts';
import { keepCode } from './host/code-cache.ts';
import { loadConfig } from './host/config.ts';
import { gatherFacts } from './host/facts.ts';
import { stateDir } from './host/places.ts';
import { openPolicyFile } from './host/policy-file.ts';
import { readStdin } from './host/stdin.ts';
import { readSwitch } from './killswitch/file.ts';
import { callReader, compiler } from './lazy.ts';
import type { Call } from './model/call.ts';
import type { Config } from './model/config.ts';
import type { Decision } from './model/decision.ts';
import type { Facts } from './model/facts.ts';
import { type Answer, answerCall, answerHalted, decodeCall } from './protocol/claude-code.ts';
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
  const facts = gatherFacts(call, process.env);
  const { config, fault } = loadConfig(process.env, () => compiler().parseConfig);
  const halt = readSwitch(facts);
  if (halt.thrown) {
    const answer = answerHalted(call, halt);
    try {
      keepRecord(call, facts, { verdict: 'deny', findings: [] }, halt.reason);
    } catch {
      // The call is denied either way.
    }
    return answer;
  }
  if (call.event === 'UserPromptSubmit') return { stdout: '' };
  const decision = judge(call, facts, config, started);
  try {
    keepRecord(call, facts, decision);
  } catch (error) {
    if (config.onLogFailure === 'deny' && decision.verdict !== 'deny')
      throw new Error(`it cannot be recorded (${messageOf(error)})`);
  }
  const notes = fault === undefined ? [] : [`blastguard's configuration is not in force: ${fault}`];
  return answerCall(decision, { model: denialForModel(decision, notes), user: denialForUser(decision) });
}

function judge(call: Call, facts: Facts, config: Config, started: number): Decision {
  const checkTime = () => {
    if (elapsed() - started > config.deadline)
      throw new Error(`it took longer than ${config.deadline} ms to judge`);
  };
  const policy = openPolicyFile(join(__dirname, 'policy.dat'));
  const decision = decide(call, {
    policy,
    facts,
    read: callReader(facts, checkTime),
    onUncertain: config.onUncertain,
    checkTime,
  });
  checkTime();
  return decision;
}

function keepRecord(call: Call, facts: Facts, decision: Decision, halted?: string): void {
  const when = { time: Date.now(), pid: process.pid, hostname: hostname(), took: elapsed() };
  appendRecord(recordOf(call, facts.projectDir, decision, when, halted), stateDir(process.env));
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
