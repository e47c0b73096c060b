import { type Entry, environmentIn, textOf, textsIn, touchedIn } from '../model/entry.ts';

/** What is counted of calls: how each verdict came out. */
export type Counts = { deny: number; ask: number; pass: number };

/** Calls of one hour that are alike in all that a report can be filtered by. */
export type Cell = Counts & {
  readonly hour: number;
  readonly project: string;
  readonly tool: string;
  readonly rule: string;
  readonly environment: string;
};

/** A call as a report lists it. `time` in ms since 1970, `took` in ms. */
export type ListedCall = {
  readonly time: number;
  readonly session: string;
  readonly project: string;
  readonly tool: string;
  readonly input: string;
  readonly verdict: string;
  readonly rule: string;
  readonly environment: string;
  readonly took: number;
};

export type ListedSession = Counts & {
  readonly session: string;
  readonly project: string;
  first: number;
  last: number;
  /** Calls and outcomes, the earliest that fit. */
  readonly events: ListedEvent[];
};

export type ListedEvent = readonly [time: number, what: string, tool: string, text: string];

/** What may have been stopped without need: asked about and then done, or denied and then let through. */
export type Candidate = {
  readonly rule: string;
  readonly input: string;
  readonly why: 'approved' | 'unlocked' | 'observed';
  count: number;
  last: number;
};

/** What a person did: the switch, the rollout, reviews. */
export type ListedAction = {
  readonly time: number;
  readonly action: string;
  readonly text: string;
  readonly by: string;
};

export type Totals = {
  lines: number;
  calls: number;
  halted: number;
  first: number;
  last: number;
  readonly verdicts: Counts;
  readonly cells: Map<string, Cell>;
  readonly sessions: Map<string, ListedSession>;
  /** How many sessions there were; of the oldest only this number is kept. */
  sessionCount: number;
  readonly slowest: ListedCall[];
  readonly stopped: ListedCall[];
  readonly candidates: Map<string, Candidate>;
  readonly actions: ListedAction[];
  /** Questions that wait to be told whether the call was made. */
  readonly asked: Map<string, ListedCall>;
};

export const emptyTotals = (): Totals => ({
  lines: 0,
  calls: 0,
  halted: 0,
  first: 0,
  last: 0,
  verdicts: { deny: 0, ask: 0, pass: 0 },
  cells: new Map(),
  sessions: new Map(),
  sessionCount: 0,
  slowest: [],
  stopped: [],
  candidates: new Map(),
  actions: [],
  asked: new Map(),
});

/** Bounds of what is kept, whatever the log's length. */
const most = {
  cells: 150_000,
  names: 300,
  sessions: 400,
  events: 150,
  slowest: 20,
  stopped: 1000,
  candidates: 2000,
  actions: 1000,
  asked: 10_000,
};
const HOUR = 3_600_000;
const longest = 300;

/** Adds a line of the audit log, in memory that does not grow with their number. */
export class Tallier {
  readonly totals = emptyTotals();
  readonly #names = new Map<string, Set<string>>();

  add(entry: Entry): void {
    const { totals } = this;
    totals.lines += 1;
    totals.first = totals.first === 0 ? entry.time : Math.min(totals.first, entry.time);
    totals.last = Math.max(totals.last, entry.time);
    const event = textOf(entry, 'event');
    if (event === 'PreToolUse') this.#addCall(entry);
    else if (event === 'Action') this.#addAction(entry);
    else this.#addOutcome(entry, event);
  }

  #addCall(entry: Entry): void {
    const { totals } = this;
    const { verdict } = entry;
    if (verdict !== 'deny' && verdict !== 'ask' && verdict !== 'pass') return;
    totals.calls += 1;
    totals.verdicts[verdict] += 1;
    if (entry.halted === true) totals.halted += 1;
    const call = this.#listed(entry, verdict);
    this.#addCell(call, verdict);
    this.#addToSession(call, verdict);
    keepSlowest(totals.slowest, call);
    if (verdict !== 'pass') keepLast(totals.stopped, call, most.stopped);
    const id = textOf(entry, 'toolUse');
    if (verdict === 'ask' && id !== '' && totals.asked.size < most.asked) totals.asked.set(id, call);
    this.#addUnlocked(entry, call);
  }

  #listed(entry: Entry, verdict: string): ListedCall {
    const [touched] = touchedIn(entry);
    const environment = (environmentIn(entry) ?? touched)?.name ?? '';
    return {
      time: entry.time,
      session: textOf(entry, 'session'),
      project: this.#named('project', textOf(entry, 'project') || textOf(entry, 'cwd')),
      tool: this.#named('tool', textOf(entry, 'tool')),
      input: textOf(entry, 'input').slice(0, longest),
      verdict,
      rule: this.#named('rule', entry.halted === true ? 'kill switch' : (textsIn(entry, 'rules')[0] ?? '')),
      environment: this.#named('environment', environment),
      took: typeof entry.took === 'number' ? entry.took : 0,
    };
  }

  /** Names beyond the first hundreds are one. */
  #named(of: string, name: string): string {
    const names = this.#names.get(of) ?? new Set();
    this.#names.set(of, names);
    if (names.has(name)) return name;
    if (names.size >= most.names) return '(others)';
    names.add(name);
    return name;
  }

  #addCell({ time, project, tool, rule, environment }: ListedCall, verdict: keyof Counts): void {
    const { cells } = this.totals;
    const hour = Math.floor(time / HOUR) * HOUR;
    const key = `${hour}\n${project}\n${tool}\n${rule}\n${environment}`;
    const known = cells.get(key);
    if (known !== undefined) {
      known[verdict] += 1;
      return;
    }
    const others = '(others)';
    const of =
      cells.size < most.cells
        ? { project, tool, rule, environment }
        : { project: others, tool: others, rule: others, environment: others };
    const fallback = cells.size < most.cells ? key : `${hour}\n${others}`;
    const cell = cells.get(fallback) ?? { hour, ...of, deny: 0, ask: 0, pass: 0 };
    cell[verdict] += 1;
    cells.set(fallback, cell);
  }

  #addToSession(call: ListedCall, verdict: keyof Counts): void {
    if (call.session === '') return;
    const session = this.#sessionOf(call);
    session[verdict] += 1;
    addEvent(session, [call.time, verdict, call.tool, call.input.slice(0, 160)]);
  }

  /** The sessions that did something last are kept. */
  #sessionOf({
    session: id,
    project,
    time,
  }: Pick<ListedCall, 'session' | 'project' | 'time'>): ListedSession {
    const { sessions } = this.totals;
    const known = sessions.get(id);
    if (known !== undefined) {
      known.first = Math.min(known.first, time);
      known.last = Math.max(known.last, time);
      return known;
    }
    this.totals.sessionCount += 1;
    const session = { session: id, project, first: time, last: time, deny: 0, ask: 0, pass: 0, events: [] };
    sessions.set(id, session);
    if (sessions.size > most.sessions)
      for (const oldest of [...sessions.keys()].slice(0, 1)) sessions.delete(oldest);
    return session;
  }

  #addUnlocked(entry: Entry, call: ListedCall): void {
    if (Array.isArray(entry.excused))
      for (const excuse of entry.excused)
        if (typeof excuse === 'object' && excuse !== null && excuse.by === 'allow-once')
          this.#addCandidate(String(excuse.rule), call, 'unlocked');
    const { observed } = entry;
    if (
      typeof observed === 'object' &&
      observed !== null &&
      'rules' in observed &&
      Array.isArray(observed.rules)
    )
      for (const rule of observed.rules.slice(0, 1)) this.#addCandidate(String(rule), call, 'observed');
  }

  #addCandidate(rule: string, { input, time }: ListedCall, why: Candidate['why']): void {
    const { candidates } = this.totals;
    const key = `${why}\n${rule}\n${input}`;
    const known = candidates.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.last = time;
    } else if (candidates.size < most.candidates)
      candidates.set(key, { rule, input, why, count: 1, last: time });
  }

  #addOutcome(entry: Entry, event: string): void {
    const { sessions, asked } = this.totals;
    const id = textOf(entry, 'toolUse');
    const outcome = textOf(entry, 'outcome');
    const call = id === '' ? undefined : asked.get(id);
    if (call !== undefined && (outcome === 'done' || outcome === 'failed')) {
      asked.delete(id);
      this.#addCandidate(call.rule, call, 'approved');
    }
    const session = sessions.get(textOf(entry, 'session'));
    if (session === undefined) return;
    const text = textOf(entry, 'why') || textsIn(entry, 'files').slice(0, 3).join(' ');
    addEvent(session, [entry.time, outcome || event, textOf(entry, 'tool'), text.slice(0, 160)]);
  }

  #addAction(entry: Entry): void {
    const action = textOf(entry, 'action');
    keepLast(
      this.totals.actions,
      { time: entry.time, action, text: textOf(entry, 'msg').slice(0, longest), by: textOf(entry, 'by') },
      most.actions,
    );
  }
}

function addEvent({ events }: ListedSession, event: ListedEvent): void {
  if (events.length < most.events) events.push(event);
}

function keepLast<T>(list: T[], item: T, length: number): void {
  list.push(item);
  // In bulk: taking one off the front each time would move all the others.
  if (list.length > length * 2) list.splice(0, list.length - length);
}

function keepSlowest(list: ListedCall[], call: ListedCall): void {
  const last = list[most.slowest - 1];
  if (last !== undefined && last.took >= call.took) return;
  const at = list.findIndex(({ took }) => took < call.took);
  list.splice(at === -1 ? list.length : at, 0, call);
  list.length = Math.min(list.length, most.slowest);
}

/** Calls by one of their qualities, those with most denials and questions first. */
export function countsBy(
  totals: Totals,
  key: 'project' | 'tool' | 'rule' | 'environment',
): readonly (readonly [string, Counts])[] {
  const counts = new Map<string, Counts>();
  for (const cell of totals.cells.values()) {
    const sum = counts.get(cell[key]) ?? { deny: 0, ask: 0, pass: 0 };
    counts.set(cell[key], sum);
    sum.deny += cell.deny;
    sum.ask += cell.ask;
    sum.pass += cell.pass;
  }
  return [...counts].sort(([, a], [, b]) => b.deny + b.ask - a.deny - a.ask || b.pass - a.pass);
}

/** What a page or a program is given: names once, cells as numbers. */
export function reportData(totals: Totals, made: number) {
  const names = { project: [''], tool: [''], rule: [''], environment: [''] };
  const index = {
    project: new Map([['', 0]]),
    tool: new Map([['', 0]]),
    rule: new Map([['', 0]]),
    environment: new Map([['', 0]]),
  };
  const numberOf = (of: keyof typeof names, name: string): number => {
    const known = index[of].get(name);
    if (known !== undefined) return known;
    index[of].set(name, names[of].length);
    return names[of].push(name) - 1;
  };
  const cells = [...totals.cells.values()].map((cell) => [
    cell.hour / HOUR,
    numberOf('project', cell.project),
    numberOf('tool', cell.tool),
    numberOf('rule', cell.rule),
    numberOf('environment', cell.environment),
    cell.deny,
    cell.ask,
    cell.pass,
  ]);
  const { lines, calls, halted, first, last, verdicts, sessionCount, slowest } = totals;
  return {
    made,
    lines,
    calls,
    halted,
    first,
    last,
    verdicts,
    sessionCount,
    names,
    cells,
    sessions: [...totals.sessions.values()].sort((a, b) => b.last - a.last),
    slowest,
    stopped: totals.stopped.slice(-most.stopped).reverse(),
    candidates: [...totals.candidates.values()].sort((a, b) => b.count - a.count).slice(0, 200),
    actions: totals.actions.slice(-most.actions).reverse(),
  };
}
