import { closeSync, mkdirSync, openSync, statfsSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { logFile } from '../../host/audit-log.ts';
import { count } from '../../report/count.ts';
import { faultText } from '../fault.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { describeFault, verifyLog } from '../log-verify.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

const LEAST_SPACE = 64 * 1024 * 1024;
/** A log is written while others count on the clock; more than this it cannot be ahead. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/** Before the first release there was no clock that showed less. */
const FIRST_RELEASE = Date.UTC(2026, 10, 1);

/** Can a record be written, does the chain of those that were hold, and is the clock that dates them sane? */
export const log: CheckGroup = {
  name: 'log',
  run({ state, now }: Patient) {
    if ('fault' in state) return [fail(state.fault, 'set HOME or BLASTGUARD_STATE_DIR')];
    const written = writing(state.dir, now);
    return written.state === 'fail' ? [written] : [written, ...reading(state.dir, now)];
  },
};

function writing(dir: string, now: number): Finding {
  const file = logFile(dir, now);
  try {
    proveWritable(dirname(file));
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined) closeSync(openSync(file, 'r+'));
    if (found !== undefined && process.getuid !== undefined && found.uid !== process.getuid())
      return fail(`${file} belongs to another user`, `chown "$(id -u)" ${file}`);
    if (found !== undefined && (found.mode & 0o077) !== 0 && process.platform !== 'win32')
      return warn(`others may read ${file}`, `chmod 600 ${file}`);
    const { bavail, bsize } = statfsSync(dir);
    if (bavail * bsize < LEAST_SPACE) return warn(`less than 64 MiB are free for ${file}`, `df -h ${dir}`);
    return ok(`${file} can be written`);
  } catch (error) {
    const cause = faultText(error);
    return fail(`${file} cannot be written, so no call passes: ${cause}`, `ls -ld ${dir} ${file}`);
  }
}

/** Makes the directory as the hook would, and a file in it. */
function proveWritable(dir: string): void {
  const probe = join(dir, `.doctor.${process.pid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(probe, '');
  unlinkSync(probe);
}

function reading(dir: string, now: number): readonly Finding[] {
  const files = dayFiles(dir);
  const latest = files.at(-1);
  return latest === undefined ? [] : [chain(files), ...clock(latest, now)];
}

/** As much of the log is followed as takes two seconds. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Does the chain of the log hold? A log that does not is still written, so the guard does its work. */
function chain(files: readonly string[]): Finding {
  let bytes = 0;
  const latest = files.toReversed();
  const beyond = latest.findIndex((file) => {
    bytes += statSync(file).size;
    return bytes > MOST_BYTES;
  });
  const looked = (beyond < 0 ? latest : latest.slice(0, beyond)).toReversed();
  const days = count(looked.length, 'day');
  const which = beyond < 0 ? days : `the last ${days} of ${files.length}`;
  if (looked.length === 0)
    return warn('its chain was not followed: the log of this day is too long', 'blastguard log verify');
  const { lines, faults } = verifyLog(looked, []);
  const [first] = faults;
  if (first !== undefined) {
    const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
    return warn(`its chain is broken (of ${which}): ${describeFault(first)}${more}`, 'blastguard log verify');
  }
  const rest = beyond < 0 ? '' : '; `blastguard log verify` follows all';
  return ok(`its chain holds: ${count(lines, 'line')} of ${which}${rest}`);
}

function clock(file: string, now: number): readonly Finding[] {
  let latest = 0;
  for (const { text } of linesOf(file)) latest = Math.max(latest, entryOf(text)?.time ?? 0);
  if (now >= FIRST_RELEASE && latest - now <= CLOCK_TOLERANCE_MS) return [];
  const shows = new Date(now).toISOString();
  return [
    fail(
      `the clock shows ${shows}, but ${latest > now ? 'the log knows a later time' : 'that was before the first release'}: exceptions with an end stay in force`,
      'set the clock: `timedatectl set-ntp true`',
    ),
  ];
}
