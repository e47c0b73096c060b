import { closeSync, mkdirSync, openSync, statfsSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { logFile } from '../../host/audit-log.ts';
import { dayFiles, entryOf, linesOf } from '../log-file.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

const LEAST_SPACE = 64 * 1024 * 1024;
/** A log is written while others count on the clock; more than this it cannot be ahead. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/** Before the first release there was no clock that showed less. */
const FIRST_RELEASE = Date.UTC(2026, 10, 1);

/** Can a record be written, can those of today be read, and is the clock that dates them sane? */
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
    const cause = error instanceof Error ? error.message : String(error);
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
  const file = dayFiles(dir).at(-1);
  if (file === undefined) return [];
  let broken = 0;
  let latest = 0;
  for (const { text } of linesOf(file)) {
    if (text === '') continue;
    const time = entryOf(text)?.time;
    if (time === undefined) broken += 1;
    else latest = Math.max(latest, time);
  }
  const found: Finding[] = [];
  if (broken > 0)
    found.push(
      warn(
        `${broken} lines of ${file} are damaged: a hook was killed while it wrote`,
        'blastguard log verify',
      ),
    );
  const clock = now < FIRST_RELEASE || latest - now > CLOCK_TOLERANCE_MS;
  const shows = new Date(now).toISOString();
  if (clock)
    found.push(
      fail(
        `the clock shows ${shows}, but ${latest > now ? 'the log knows a later time' : 'that was before the first release'}: exceptions with an end stay in force`,
        'set the clock: `timedatectl set-ntp true`',
      ),
    );
  return found;
}
