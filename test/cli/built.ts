import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { answerOf, bash, launched, makePlace, payloadFor, play, root } from '../golden/play.ts';

const cli = join(root, 'dist/cli.cjs');

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** The built program in a home and a project of its own: its commands, and its hook as Claude Code starts it. */
export function makeUser() {
  const place = makePlace();
  const environment = { PATH: place.environment.PATH, HOME: place.home, XDG_STATE_HOME: place.state };
  const userFile = join(place.home, '.config/blastguard/blastguard.yaml');
  const projectFile = join(place.project, '.blastguard.yaml');
  const state = join(place.state, 'blastguard');
  mkdirSync(dirname(userFile), { recursive: true });
  mkdirSync(join(place.project, '.git'));
  const hook = (input: string) => play(launched, { environment: place.environment, input }).then(answerOf);
  return {
    ...place,
    userFile,
    projectFile,
    state,
    write: (file: string, text: string) => writeFileSync(file, text),
    run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        cwd: place.project,
        env: { ...environment, ...env },
        input: '',
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    },
    /** A person at a terminal, which `script` provides, who answers one question. */
    type(args: readonly string[], answer: string): Promise<Ran> {
      const line = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: place.project, env: environment });
      const out: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => {
        out.push(chunk);
        if (chunk.includes('[y/N]')) child.stdin.end(`${answer}\n`);
      });
      return new Promise((done, fail) => {
        child.on('error', fail);
        child.on('close', (status) => done({ status, stdout: Buffer.concat(out).toString(), stderr: '' }));
      });
    },
    hook,
    bash: (command: string, mode?: string) => hook(bash(place, command, mode)),
    call: (tool: string, input: object) => hook(payloadFor(place, tool, input)),
    records(): readonly { readonly [key: string]: unknown }[] {
      const log = join(state, 'log');
      return readdirSync(log)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .flatMap((name) => readFileSync(join(log, name), 'utf8').trim().split('\n'))
        .map((line) => JSON.parse(line));
    },
  };
}
