import picocolors from 'picocolors';
import { homeDir, projectRoot, stateDir } from '../../host/places.ts';
import { readStdin } from '../../host/stdin.ts';
import { switchState } from '../../host/switch-state.ts';
import { readCache } from '../../killswitch/cache.ts';
import { readSwitch } from '../../killswitch/file.ts';
import { judge } from '../../killswitch/remote.ts';
import type { CliCommand } from '../command.ts';
import { configOf } from '../loaded-config.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { isObject } from '../settings/read.ts';
import { stageName } from '../stage-name.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

const LARGEST_INPUT = 1 << 20;
const LONGEST_REASON = 60;

export const statusline: CliCommand = {
  name: 'statusline',
  summary: 'Print one line for the status line of Claude Code (`init --status-line` registers it).',
  usage: '',
  options: {},
  examples: [['blastguard statusline < status.json', 'the switch, and the denials of this session']],
  async run(_, terminal): Promise<ExitCode> {
    const session = readSession(terminal);
    terminal.out(`${lineFor(session, await stageName(session.project, terminal), terminal)}\n`);
    return 0;
  },
};

type Session = { readonly id: string; readonly cwd: string; readonly project: string };

/** What Claude Code says of its session. Another input is answered too: a status line has no place for errors. */
function readSession({ cwd: here, env }: Terminal): Session {
  const given = parsed(readStdin(LARGEST_INPUT).toString());
  const workspace = isObject(given.workspace) ? given.workspace : {};
  const cwd = textIn(workspace.current_dir) ?? textIn(given.cwd) ?? here;
  const project = textIn(workspace.project_dir) ?? projectRoot(cwd, env);
  return { id: textIn(given.session_id) ?? '', cwd, project };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function lineFor(session: Session, stage: string | undefined, terminal: Terminal): string {
  const { id } = session;
  const { env } = terminal;
  // Claude Code shows colours, though what it reads is a pipe.
  const colours = picocolors.createColors(!env.NO_COLOR);
  const halted = haltOf(session, terminal);
  if (halted !== undefined)
    return colours.red(`blastguard: HALTED (${printable(halted).slice(0, LONGEST_REASON)})`);
  const denied = denialsOf(id, env);
  if (denied === undefined) return colours.red('blastguard: the log cannot be read');
  return [
    colours.green('blastguard: on'),
    ...(stage === undefined ? [] : [`stage ${printable(stage)}`]),
    denied === 0 ? 'nothing denied' : colours.red(`${denied} denied`),
  ].join(' · ');
}

/** Why everything is halted, by a file or by what the hooks last heard of the organisation's switch. */
function haltOf({ cwd, project }: Session, terminal: Terminal): string | undefined {
  const { env } = terminal;
  const found = readSwitch({ cwd, projectDir: project, home: homeDir(env) });
  if (found.thrown) return found.reason;
  try {
    const { killSwitch } = configOf(project, terminal).config;
    if (killSwitch === undefined) return undefined;
    const { sources } = killSwitch;
    const known = readCache(switchState(env, project, killSwitch).cache, sources.length);
    const verdict = judge(sources, known, Date.now());
    return verdict.kind === 'thrown' ? verdict.thrown.reason : undefined;
  } catch {
    return undefined; // `doctor` and `status` speak of the configuration
  }
}

/** How many calls of a session were denied, yesterday and today. Undefined when the log cannot be read. */
function denialsOf(session: string, env: Terminal['env']): number | undefined {
  if (session === '') return 0;
  let count = 0;
  try {
    for (const file of dayFiles(stateDir(env)).slice(-2)) {
      for (const { text } of linesOf(file)) {
        if (!text.includes(session)) continue;
        const entry = entryOf(text);
        if (entry?.session === session && entry.verdict === 'deny') count += 1;
      }
    }
    return count;
  } catch {
    return undefined;
  }
}
