import { inWords, judge } from '../killswitch/remote.ts';
import type { Thrown } from '../model/kill-switch.ts';
import { describeSwitch } from './switch-text.ts';
import { printable, type Terminal } from './terminal.ts';

/** What a source of the kill switch says now, for people and programs. Times in ms. */
export type SourceState = {
  readonly name: string;
  /** `unread`: it cannot be read, and the last known state counts; `unknown`: that is too old, so calls are denied. */
  readonly state: 'clear' | 'thrown' | 'unread' | 'unknown';
  readonly thrown: readonly Thrown[];
  readonly fault?: string;
  /** Since the hooks' state of it was read; undefined when none was. */
  readonly age?: number;
  /** How long it took to answer now. */
  readonly latency: number;
  readonly freshness: number;
  readonly grace: number;
  readonly unreachable: 'deny' | 'pass';
};

/** Asks every source of the project now. */
export async function sourceStates(project: string, terminal: Terminal): Promise<readonly SourceState[]> {
  const { askAll, sourcesFor } = await import('./remote-switch.ts');
  const sources = sourcesFor(project, terminal);
  const states = await askAll(sources);
  sources.close();
  const now = Date.now();
  return states.map(({ source, known, kept, active }): SourceState => {
    const { name, freshness, grace, unreachable } = source;
    const verdict = judge([source], [known], now);
    const failing = known.fault === undefined ? 'clear' : 'unread';
    return {
      name,
      state: verdict.kind === 'clear' ? failing : verdict.kind,
      thrown: active,
      ...(known.fault === undefined ? {} : { fault: known.fault }),
      ...(kept.at === 0 ? {} : { age: Math.max(0, now - kept.at) }),
      latency: known.latency,
      freshness,
      grace,
      unreachable,
    };
  });
}

/** Every source in a line of its own: what it says, how old what the hooks know is, how fast it answers. */
export function sourceTable(sources: readonly SourceState[], { colours }: Terminal): string {
  const width = Math.max(...sources.map(({ name }) => printable(name).length), 'source'.length);
  const line = (name: string, state: string, age: string, latency: string, more: string) =>
    `  ${name.padEnd(width)}  ${state}  ${age.padStart(8)}  ${latency.padStart(8)}  ${more}`.trimEnd();
  const rows = sources.map((one) => {
    const colour =
      one.state === 'clear' ? colours.green : one.state === 'unread' ? colours.yellow : colours.red;
    const age = one.age === undefined ? '-' : inWords(one.age);
    return line(printable(one.name), colour(one.state.padEnd(7)), age, inWords(one.latency), remark(one));
  });
  return `${[colours.dim(line('source', 'state  ', 'age', 'latency', '')), ...rows].join('\n')}\n`;
}

function remark({ thrown, fault, state, grace, unreachable }: SourceState): string {
  const switches = thrown.map((one) => `${printable(one.scope)} (${describeSwitch(one)})`);
  if (fault === undefined) return switches.join('; ');
  const then =
    unreachable === 'pass'
      ? 'calls pass all the same'
      : state === 'unknown'
        ? 'every call is denied'
        : `after ${inWords(grace)} every call is denied`;
  return [...switches, `${printable(fault)}; ${then}`].join('; ');
}
