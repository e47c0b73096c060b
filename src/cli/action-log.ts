import { appendLine } from '../host/audit-log.ts';
import { stateDir } from '../host/places.ts';
import { faultText } from './fault.ts';
import { printable, type Terminal } from './terminal.ts';

/** What a person did at their terminal, as a line of the audit log. */
export type Action = {
  readonly action:
    | 'stop'
    | 'resume'
    | 'init'
    | 'uninstall'
    | 'trust'
    | 'allow-once'
    | 'kill'
    | 'review'
    | 'rollout';
  /** The file that was written or removed; of a switch for others, its scope. */
  readonly file?: string;
  /** The session that it is about. */
  readonly session?: string;
  /** What the person said of it. */
  readonly note?: string;
  readonly msg: string;
};

/** Records it beside the calls. An action that cannot be recorded is done all the same, and the person is told. */
export async function recordAction({ msg, ...action }: Action, terminal: Terminal): Promise<void> {
  try {
    const { pino } = await import('pino');
    const lines: string[] = [];
    const logger = pino({}, { write: (line: string) => lines.push(line.trimEnd()) });
    logger.info({ event: 'Action', ...action, by: terminal.person, cwd: terminal.cwd }, msg);
    for (const line of lines) appendLine(line, Date.now(), stateDir(terminal.env));
  } catch (error) {
    const cause = faultText(error);
    terminal.err(`blastguard: not recorded in the audit log: ${printable(cause)}\n`);
  }
}
