import { type Entry, environmentIn, textOf, textsIn, touchedIn } from '../model/entry.ts';

/** What one session did, as far as its lines in the audit log say. Times in ms since 1970. */
export type Story = {
  readonly session: string;
  project: string;
  first: number;
  last: number;
  /** How the session began and how it ended, in the host's words. */
  started?: string;
  ended?: string;
  calls: number;
  readonly verdicts: { deny: number; ask: number; pass: number };
  readonly outcomes: { done: number; failed: number; interrupted: number; refused: number };
  /** Milliseconds that tools ran. */
  ran: number;
  readonly prompts: Set<string>;
  readonly rules: Map<string, number>;
  readonly tools: Map<string, number>;
  readonly files: Set<string>;
  /** Where its commands landed, by name, with the class. */
  readonly environments: Map<string, string>;
  /** The last review, and when the session last did something. */
  reviewed?: Review;
  acted: number;
};

export type Review = { readonly at: number; readonly by: string; readonly note: string };

/** More of anything are not kept: a story is read by a person. */
const most = 1000;

/** Adds one line of the audit log to the story of its session. Lines that belong to none are passed over. */
export function addEntry(stories: Map<string, Story>, entry: Entry): void {
  const id = textOf(entry, 'session');
  if (id === '') return;
  const known = stories.get(id);
  const event = textOf(entry, 'event');
  if (event === 'Action') {
    // A review of a session that this log knows nothing of says nothing.
    if (entry.action === 'review' && known !== undefined)
      known.reviewed = { at: entry.time, by: textOf(entry, 'by'), note: textOf(entry, 'note') };
    return;
  }
  const story = known ?? emptyStory(id, entry.time);
  stories.set(id, story);
  story.first = Math.min(story.first, entry.time);
  story.last = Math.max(story.last, entry.time);
  if (story.project === '') story.project = textOf(entry, 'project') || textOf(entry, 'cwd');
  const prompt = textOf(entry, 'prompt');
  if (prompt !== '') addTo(story.prompts, prompt);
  for (const file of textsIn(entry, 'files')) addTo(story.files, file);
  for (const { name, kind } of touchedIn(entry))
    if (story.environments.size < most) story.environments.set(name, kind);
  const landed = environmentIn(entry);
  if (landed !== undefined && story.environments.size < most)
    story.environments.set(landed.name, landed.kind);
  if (event === 'SessionStart') story.started = textOf(entry, 'why') || 'started';
  else if (event === 'SessionEnd') story.ended = textOf(entry, 'why') || 'ended';
  else if (event === 'PreToolUse') addCall(story, entry);
  else addOutcome(story, entry);
}

function addCall(story: Story, entry: Entry): void {
  story.calls += 1;
  story.acted = Math.max(story.acted, entry.time);
  const { verdict } = entry;
  if (verdict === 'deny' || verdict === 'ask' || verdict === 'pass') story.verdicts[verdict] += 1;
  count(story.tools, textOf(entry, 'tool'));
  for (const rule of textsIn(entry, 'rules')) count(story.rules, rule);
}

function addOutcome(story: Story, entry: Entry): void {
  const outcome = textOf(entry, 'outcome');
  if (outcome === 'done' || outcome === 'failed' || outcome === 'interrupted' || outcome === 'refused')
    story.outcomes[outcome] += 1;
  if (typeof entry.duration === 'number') story.ran += entry.duration;
}

const emptyStory = (session: string, time: number): Story => ({
  session,
  project: '',
  first: time,
  last: time,
  calls: 0,
  verdicts: { deny: 0, ask: 0, pass: 0 },
  outcomes: { done: 0, failed: 0, interrupted: 0, refused: 0 },
  ran: 0,
  prompts: new Set(),
  rules: new Map(),
  tools: new Map(),
  files: new Set(),
  environments: new Map(),
  acted: 0,
});

/** Whether somebody looked at all that a session did. A session without calls has nothing to look at. */
export const isReviewed = ({ reviewed, acted, calls }: Story): boolean =>
  calls === 0 || (reviewed !== undefined && reviewed.at >= acted);

function addTo(set: Set<string>, value: string): void {
  if (set.size < most) set.add(value);
}

function count(counts: Map<string, number>, key: string): void {
  if (counts.has(key) || counts.size < most) counts.set(key, (counts.get(key) ?? 0) + 1);
}
