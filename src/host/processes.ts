import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. `started` in ms since 1970, within a second. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly started: number;
  readonly command: string;
  /** The client that it says it was started by (CLAUDE_PID), where that can be seen. */
  readonly client?: number;
};

/** Every process that can be seen. Throws where there is no way to see them. */
export function listProcesses(): readonly Process[] {
  if (process.platform === 'linux') return fromProc();
  if (process.platform === 'win32') throw new Error('processes cannot be ended like this on Windows');
  return fromPs();
}

/** Whether both are one process: an id is given again. */
export const isSame = (one: Process, other: Process): boolean =>
  one.pid === other.pid && Math.abs(one.started - other.started) < 2000;

/** /proc (proc(5)): `stat` has the name in brackets, which may hold anything, then the fields. */
function fromProc(): readonly Process[] {
  const booted = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1000;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state, parent, group] = fields;
        if (state === 'Z') return [];
        // In hundredths of a second since the start of the machine (USER_HZ).
        const started = booted + Number(fields[19]) * 10;
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ').trim();
        const command = words === '' ? stat.slice(stat.indexOf('('), stat.lastIndexOf(')') + 1) : words;
        const client = clientIn(name);
        const one = { pid: Number(name), parent: Number(parent), group: Number(group), started, command };
        return [client === undefined ? one : { ...one, client }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

function clientIn(name: string): number | undefined {
  try {
    const found = /(?:^|\0)CLAUDE_PID=(\d+)(?:\0|$)/.exec(readFileSync(`/proc/${name}/environ`, 'utf8'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined; // somebody else's
  }
}

function fromPs(): readonly Process[] {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const columns = ['pid=', 'ppid=', 'pgid=', 'lstart=', 'command='].flatMap((name) => ['-o', name]);
  const { status, stdout, error } = spawnSync('ps', ['-A', '-ww', ...columns], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`\`ps\` cannot list processes${error ? `: ${error.message}` : ''}`);
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line);
    if (found === null) return [];
    const [, pid, parent, group, started = '', command = ''] = found;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        started: Date.parse(started),
        command,
      },
    ];
  });
}
