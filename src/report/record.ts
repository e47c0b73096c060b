import type { Call } from '../model/call.ts';
import type { Decision, Excuse } from '../model/decision.ts';
import type { Landing } from '../model/environment.ts';
import type { Record } from '../model/record.ts';
import type { Observed, StageName, Touched } from '../model/stage.ts';
import { clip } from './clip.ts';
import { redact } from './redact.ts';

const levels = { pass: 30, ask: 40, deny: 50 } as const;
const longest = 8000;

/** When and where a call was judged. `time` in ms since 1970, `took` in ms. */
export type When = {
  readonly time: number;
  readonly pid: number;
  readonly hostname: string;
  readonly client?: number;
  readonly took: number;
};

export type More = {
  readonly halted?: string;
  readonly call?: string;
  readonly stage?: StageName;
  readonly unread?: readonly string[];
};

/** The line of the audit log for a judged call. Secrets in what it would do are replaced. */
export function recordOf(
  call: Call,
  project: string,
  decision: Decision,
  when: When,
  { halted, call: digest, stage, unread }: More = {},
): Record {
  const input = clip(redact(clip(inputText(call), longest)), longest);
  const tool = call.tool || call.event;
  const landing = (decision.findings[0] ?? decision.excused?.[0])?.landing;
  const rules = [...new Set(decision.findings.map((finding) => finding.rule))];
  return {
    level: levels[decision.verdict],
    ...sessionLine(call, project, when),
    tool,
    input,
    verdict: decision.verdict,
    halted: halted !== undefined,
    rules,
    ...(landing === undefined ? {} : { environment: environmentOf(landing) }),
    ...(decision.excused === undefined ? {} : { excused: decision.excused.map(excuseOf) }),
    ...(decision.observed === undefined ? {} : { observed: observedOf(decision.observed) }),
    ...(decision.touched === undefined ? {} : { touched: touchedOf(decision.touched) }),
    ...(stage === undefined ? {} : { stage }),
    ...(unread === undefined ? {} : { unread }),
    ...(digest === undefined ? {} : { call: digest, ...changeOf(call) }),
    took: Math.round(when.took * 100) / 100,
    msg:
      halted === undefined
        ? `${decision.verdict} ${tool}${rules.length === 0 ? '' : ` ${rules[0]}`}`
        : `halted ${tool}`,
  };
}

/** What every line about a session begins with. */
export const sessionLine = (call: Call, project: string, when: Omit<When, 'took'>) => ({
  time: when.time,
  pid: when.pid,
  hostname: when.hostname,
  ...(when.client === undefined ? {} : { client: when.client }),
  event: call.event,
  session: call.sessionId,
  ...(call.agentId === undefined ? {} : { agent: call.agentId }),
  ...(call.promptId === undefined ? {} : { prompt: call.promptId }),
  ...(call.toolUseId === undefined ? {} : { toolUse: call.toolUseId }),
  cwd: call.cwd,
  project,
  mode: call.permissionMode,
});

const environmentOf = ({ name, class: kind }: Landing) => ({
  ...(name === undefined ? {} : { name }),
  class: kind,
});

const observedOf = ({ verdict, findings }: Observed) => ({
  verdict,
  rules: [...new Set(findings.map(({ rule }) => rule))],
});

/** Each place and effect once. */
function touchedOf(touched: readonly Touched[]) {
  const distinct = touched.map(({ effect, landing }) => ({ effect, ...environmentOf(landing) }));
  return [...new Map(distinct.map((one) => [`${one.effect} ${one.name} ${one.class}`, one])).values()];
}

const excuseOf = ({ landing: _, ...excuse }: Excuse) => ({
  ...excuse,
  subject: redact(clip(excuse.subject, longest)),
});

/** What a person must see beside `input` before they let the call through. */
function changeOf({ input }: Call): { change?: string } {
  const { command, file_path, notebook_path, description, timeout, old_string: from, ...rest } = input;
  if (command === undefined && file_path === undefined && notebook_path === undefined) return {};
  const { new_string: to, content, new_source: source, ...others } = rest;
  const lines = (text: unknown, mark: string) =>
    typeof text === 'string' && text !== '' ? text.split('\n').map((line) => `${mark} ${line}`) : [];
  const change = [
    ...lines(from, '-'),
    ...lines(to, '+'),
    ...lines(content, '+'),
    ...lines(source, '+'),
    ...(Object.keys(others).length === 0 ? [] : [JSON.stringify(others)]),
  ].join('\n');
  return change === '' ? {} : { change: clip(redact(change), LONGEST_CHANGE) };
}

/** More than a call that may be let through can have. */
const LONGEST_CHANGE = 100_000;

/** What a call would do, in one text: its command, its file, or its input. A file's content is not kept. */
function inputText({ input }: Call): string {
  for (const key of ['command', 'file_path', 'notebook_path']) {
    const value = input[key];
    if (typeof value === 'string') return value;
  }
  return JSON.stringify(input);
}
