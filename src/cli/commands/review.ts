import { stateDir } from '../../host/places.ts';
import { clearPending } from '../../host/review.ts';
import { type Entry, textOf, textsIn } from '../../model/entry.ts';
import { addEntry, isReviewed, type Story } from '../../rollout/story.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { entriesSince } from '../log-file.ts';
import { notAPerson } from '../person.ts';
import { sinceOf } from '../since.ts';
import { duration, localMinute, table } from '../table.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const review: CliCommand = {
  name: 'review',
  summary: 'List the sessions that nobody looked at, show one, mark it reviewed.',
  usage: '[SESSION] [--mark [--note TEXT]] [--all] [--since WHEN] [--json]',
  operands: true,
  options: {
    mark: { help: 'say that you looked at it; for people: refused inside Claude Code' },
    note: { value: 'TEXT', help: 'what you found; kept in the audit log' },
    all: { help: 'list reviewed sessions, too' },
    since: { value: 'WHEN', help: 'only from then on: 30m, 12h, 7d, or a date' },
    yes: { help: 'with --mark: needed where standard input is not a terminal' },
    json: { help: 'answer in JSON' },
  },
  examples: [
    ['blastguard review', 'what waits for a review'],
    ['blastguard review 3f2a', 'the story of one session, by the first characters of its id'],
    ['blastguard review 3f2a --mark --note "as planned"', 'mark it reviewed'],
  ],
  run: reviewSessions,
};

async function reviewSessions(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [id, ...surplus] = args.operands;
  if (surplus.length > 0) throw new UsageError('more than one session');
  if (args.text('note') !== undefined && !args.flag('mark')) throw new UsageError('--note needs --mark');
  args.exclusive('mark', 'json');
  if (id === undefined && args.flag('mark')) throw new UsageError('name the session that you looked at');
  const since = sinceOf(args.text('since'), Date.now());
  const stories = new Map<string, Story>();
  const entries = new Map<string, Entry[]>();
  for (const entry of entriesSince(stateDir(terminal.env), since)) {
    addEntry(stories, entry);
    const session = textOf(entry, 'session');
    if (id !== undefined && session.startsWith(id)) {
      const kept = entries.get(session) ?? [];
      if (kept.length < MOST_LINES) kept.push(entry);
      entries.set(session, kept);
    }
  }
  if (id === undefined) return showList([...stories.values()], args, terminal);
  const story = chosen(id, [...stories.values()]);
  if (args.flag('mark')) return mark(story, args, terminal);
  showStory(story, entries.get(story.session) ?? [], args, terminal);
  return 0;
}

const MOST_LINES = 20_000;

function chosen(id: string, stories: readonly Story[]): Story {
  const fitting = stories.filter(({ session }) => session.startsWith(id));
  const [story, other] = fitting;
  if (story === undefined) throw new Error(`no session in the log begins with \`${id}\``);
  if (other !== undefined && story.session !== id)
    throw new Error(`${fitting.length} sessions begin with \`${id}\`: use more of the id`);
  return story;
}

function showList(stories: readonly Story[], args: Arguments, terminal: Terminal): ExitCode {
  const { colours, out } = terminal;
  const shown = stories.filter((story) => story.calls > 0 && (args.flag('all') || !isReviewed(story)));
  if (args.flag('json')) {
    out(`${JSON.stringify(shown.map(asJson))}\n`);
    return 0;
  }
  if (shown.length === 0) {
    out(stories.length === 0 ? 'no session was recorded\n' : 'every session was reviewed\n');
    return 0;
  }
  const rows = shown.map((story) => [
    colours.bold(printable(story.session.slice(0, 8))),
    localMinute(story.first),
    duration(story.last - story.first),
    String(story.calls),
    story.verdicts.deny > 0 ? colours.red(String(story.verdicts.deny)) : '0',
    story.verdicts.ask > 0 ? colours.yellow(String(story.verdicts.ask)) : '0',
    environmentsOf(story, terminal),
    isReviewed(story) ? colours.green('reviewed') : 'open',
    printable(story.project),
  ]);
  const head = ['session', 'began', 'lasted', 'calls', 'denied', 'asked', 'landed in', 'review', 'project'];
  out(table([head.map((name) => colours.dim(name)), ...rows], [2, 3, 4, 5]));
  const open = shown.filter((story) => !isReviewed(story)).length;
  if (open > 0) out(`\n${open} to review: blastguard review SESSION, then --mark --note "…"\n`);
  return 0;
}

const environmentsOf = ({ environments }: Story, { colours }: Terminal): string =>
  [...environments]
    .map(([name, kind]) =>
      kind === 'production' ? colours.red(printable(name)) : colours.cyan(printable(name)),
    )
    .join(' ') || colours.dim('·');

async function mark(story: Story, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const refusal = notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may review a session: ${refusal}\n`);
    return 1;
  }
  const note = args.text('note') ?? '';
  const { session } = story;
  await recordAction(
    { action: 'review', session, note, msg: `reviewed session ${session}${note === '' ? '' : `: ${note}`}` },
    terminal,
  );
  clearPending(stateDir(terminal.env), session);
  terminal.out(`${terminal.colours.green('reviewed')}: ${printable(session)} by ${terminal.person}\n`);
  return 0;
}

function showStory(story: Story, entries: readonly Entry[], args: Arguments, terminal: Terminal): void {
  const { colours, out } = terminal;
  const calls = callsOf(entries);
  if (args.flag('json')) {
    out(`${JSON.stringify({ ...asJson(story), calls })}\n`);
    return;
  }
  const { verdicts, outcomes, reviewed } = story;
  const rows: (readonly [string, string])[] = [
    ['session', printable(story.session)],
    ['project', printable(story.project)],
    ['time', `${localMinute(story.first)}, ${duration(story.last - story.first)}`],
    ['began', `${story.started ?? 'not recorded'}; ended: ${story.ended ?? 'not recorded'}`],
    [
      'calls',
      `${story.calls}: ${verdicts.deny} denied, ${verdicts.ask} asked, ${verdicts.pass} passed; ` +
        `${outcomes.done} done, ${outcomes.failed} failed, ${outcomes.interrupted} interrupted, ${outcomes.refused} refused by Claude Code`,
    ],
    ['prompts', String(story.prompts.size)],
    ['landed in', environmentsOf(story, terminal)],
    ['review', reviewed === undefined ? 'open' : reviewText(story)],
  ];
  for (const [name, value] of rows) out(`${colours.dim(name.padEnd(10))}${value}\n`);
  if (story.files.size > 0) {
    out(`${colours.dim('files')}\n`);
    for (const file of story.files) out(`  ${printable(file)}\n`);
  }
  let prompt: string | undefined;
  for (const call of calls) {
    if (call.prompt !== prompt) {
      prompt = call.prompt;
      out(`\n${colours.dim(`prompt ${printable(prompt || 'unknown')}`)}\n`);
    }
    out(`${callLine(call, terminal)}\n`);
  }
}

function reviewText(story: Story): string {
  const { reviewed } = story;
  if (reviewed === undefined) return 'open';
  const more = isReviewed(story) ? '' : ' (it went on since then: open)';
  const note = reviewed.note === '' ? '' : `: ${printable(reviewed.note)}`;
  return `${printable(reviewed.by)}, ${localMinute(reviewed.at)}${note}${more}`;
}

/** A call with what became of it. */
type ToldCall = {
  readonly time: number;
  readonly prompt: string;
  readonly tool: string;
  readonly input: string;
  readonly verdict: string;
  readonly rules: readonly string[];
  readonly outcome: string;
  readonly why: string;
  readonly duration?: number;
};

function callsOf(entries: readonly Entry[]): readonly ToldCall[] {
  const after = new Map<string, Entry>();
  for (const entry of entries) {
    const id = textOf(entry, 'toolUse');
    if (id !== '' && textOf(entry, 'outcome') !== '') after.set(id, entry);
  }
  return entries
    .filter((entry) => entry.event === 'PreToolUse')
    .map((entry) => {
      const end = after.get(textOf(entry, 'toolUse'));
      const ran = end?.duration;
      return {
        time: entry.time,
        prompt: textOf(entry, 'prompt'),
        tool: textOf(entry, 'tool'),
        input: textOf(entry, 'input'),
        verdict: textOf(entry, 'verdict'),
        rules: textsIn(entry, 'rules'),
        outcome: end === undefined ? '' : textOf(end, 'outcome'),
        why: end === undefined ? '' : textOf(end, 'why'),
        ...(typeof ran === 'number' ? { duration: ran } : {}),
      };
    });
}

function callLine(call: ToldCall, { colours }: Terminal): string {
  const verdict =
    call.verdict === 'deny'
      ? colours.bold(colours.red('deny'))
      : call.verdict === 'ask'
        ? colours.yellow('ask ')
        : colours.green('pass');
  const outcome =
    call.outcome === 'done' ? colours.dim('done') : call.outcome === '' ? '' : colours.yellow(call.outcome);
  const parts = [
    colours.dim(new Date(call.time).toLocaleTimeString('en-GB')),
    verdict,
    printable(call.tool),
    printable(call.input),
    call.rules.length === 0 ? '' : colours.yellow(`[${printable(call.rules.join(', '))}]`),
    outcome,
    call.duration === undefined ? '' : colours.dim(duration(call.duration)),
    call.outcome === 'done' ? '' : colours.dim(printable(call.why.slice(0, 200))),
  ];
  return `  ${parts.filter((part) => part !== '').join('  ')}`;
}

const asJson = (story: Story) => ({
  ...story,
  isReviewed: isReviewed(story),
  prompts: [...story.prompts],
  rules: Object.fromEntries(story.rules),
  tools: Object.fromEntries(story.tools),
  files: [...story.files],
  environments: Object.fromEntries(story.environments),
});
