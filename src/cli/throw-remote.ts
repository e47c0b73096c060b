import { isActive } from '../killswitch/content.ts';
import type { Thrown } from '../model/kill-switch.ts';
import { recordAction } from './action-log.ts';
import { faultText } from './fault.ts';
import { type Asked, type Sources, sourcesFor } from './remote-switch.ts';
import { describeSwitch, headline } from './switch-text.ts';
import { type ExitCode, printable, type Terminal } from './terminal.ts';

type Outcome = { readonly name: string; readonly done: boolean; readonly text: string };

/** Throws a switch in every source that can be written, and says what became of it in each. */
export async function throwRemotely(thrown: Thrown, project: string, terminal: Terminal): Promise<ExitCode> {
  const sources = demanded(project, terminal);
  const outcomes = await Promise.all(sources.asked.map((one) => throwIn(one, thrown)));
  sources.close('changed');
  const done = outcomes.filter((outcome) => outcome.done).length;
  const halted = done > 0;
  const said = `for ${thrown.scope} (${describeSwitch(thrown)})`;
  terminal.out(
    halted
      ? `${headline(true, terminal)} ${said}\n`
      : `${terminal.colours.red('not thrown')} ${said}: no source took it\n`,
  );
  print(outcomes, terminal);
  if (halted) terminal.out(`To go on: blastguard resume --scope ${thrown.scope}\n`);
  const end = thrown.until === undefined ? '' : `, until ${thrown.until}`;
  if (halted)
    await recordAction(
      {
        action: 'stop',
        file: thrown.scope,
        msg: `kill switch thrown for ${thrown.scope}${end}: ${thrown.reason}`,
      },
      terminal,
    );
  return done === outcomes.length ? 0 : 1;
}

/** Clears a switch in every source that can be written. */
export async function clearRemotely(scope: string, project: string, terminal: Terminal): Promise<ExitCode> {
  const sources = demanded(project, terminal);
  const outcomes = await Promise.all(sources.asked.map((one) => clearIn(one, scope)));
  sources.close('changed');
  const left = outcomes.filter((outcome) => !outcome.done);
  terminal.out(
    left.length === 0
      ? `${headline(false, terminal)} for ${scope}\n`
      : `${headline(true, terminal)} for ${scope} still, or not known\n`,
  );
  print(outcomes, terminal);
  await recordAction({ action: 'resume', file: scope, msg: `kill switch cleared for ${scope}` }, terminal);
  return left.length === 0 ? 0 : 1;
}

function demanded(project: string, terminal: Terminal): Sources {
  const sources = sourcesFor(project, terminal);
  if (sources.asked.length > 0) return sources;
  throw new Error(
    'no source of the kill switch is configured, so it cannot be thrown for others: write `kill-switch:` with `sources:` into the configuration (docs/kill-switch.md in the repository shows how), or throw the local one without --scope',
  );
}

function print(outcomes: readonly Outcome[], { out, colours }: Terminal): void {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  for (const { name, done, text } of outcomes)
    out(`  ${printable(name.padEnd(width))}  ${done ? printable(text) : colours.red(printable(text))}\n`);
}

async function throwIn({ source, reader }: Asked, thrown: Thrown): Promise<Outcome> {
  const { name } = source;
  try {
    const [before] = await present(reader, thrown.scope);
    // INVARIANT: an agent may throw and only a person may clear, so nothing that halts longer is written over.
    if (before !== undefined && !lastsLonger(thrown, before)) {
      if (source.kind === 'ofrep') return { name, done: true, text: 'is on already' };
      return { name, done: true, text: `already thrown (${describeSwitch(before)})` };
    }
    await reader.use((open) => open.put(thrown));
    const [after] = await present(reader, thrown.scope);
    if (after === undefined) return { name, done: false, text: 'it was written and is not there' };
    return { name, done: true, text: before === undefined ? 'thrown' : 'thrown, for longer than before' };
  } catch (error) {
    return { name, done: false, text: faultText(error) };
  }
}

async function clearIn({ source, reader }: Asked, scope: string): Promise<Outcome> {
  const { name } = source;
  try {
    const before = await present(reader, scope);
    if (before.length === 0) return { name, done: true, text: 'was not thrown' };
    await reader.use((open) => open.remove(scope));
    const left = await present(reader, scope);
    if (left[0] !== undefined)
      return { name, done: false, text: `still thrown (${describeSwitch(left[0])})` };
    return { name, done: true, text: 'cleared' };
  } catch (error) {
    return { name, done: false, text: faultText(error) };
  }
}

const present = async (reader: Asked['reader'], scope: string): Promise<readonly Thrown[]> =>
  (await reader.use((open) => open.read([scope]))).filter((thrown) => isActive(thrown, Date.now()));

/** Whether the first halts when the second does no more. An end that cannot be read never comes. */
function lastsLonger({ until }: Thrown, before: Thrown): boolean {
  if (before.until === undefined || Number.isNaN(Date.parse(before.until))) return false;
  return until === undefined || Date.parse(until) > Date.parse(before.until);
}
