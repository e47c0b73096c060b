import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const root = resolve(import.meta.dirname, '../..');
export const bundle = join(root, 'dist/hook.cjs');
const launcher = join(root, 'hooks/blastguard-hook');

/** How the built hook is started: as the host does, or its bundle alone. */
export const direct: readonly string[] = [process.execPath, bundle];
export const launched: readonly string[] = [launcher, process.execPath, bundle];

export type Played = {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Place = {
  readonly home: string;
  readonly project: string;
  readonly state: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

/** A home and a project of their own, and an environment that holds nothing else. */
export function makePlace(): Place {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-')));
  const home = join(top, 'home');
  const project = join(home, 'project');
  const state = join(top, 'state');
  mkdirSync(project, { recursive: true });
  mkdirSync(state);
  const environment = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    XDG_STATE_HOME: state,
    CLAUDE_PROJECT_DIR: project,
  };
  return { home, project, state, environment, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** A PreToolUse payload in the shape the client sends. */
export function payloadFor(place: Place, tool: string, input: object, mode = 'bypassPermissions'): string {
  const payload = {
    session_id: '00000000-0000-4000-8000-000000000001',
    transcript_path: join(place.home, '.claude/projects/p/t.jsonl'),
    cwd: place.project,
    prompt_id: '006b400f-fd00-4f76-8d01-641dea664deb',
    permission_mode: mode,
    effort: { level: 'medium' },
    hook_event_name: 'PreToolUse',
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'toolu_1',
  };
  return `${JSON.stringify(payload)}\n`;
}

export const bash = (place: Place, command: string, mode?: string) =>
  payloadFor(place, 'Bash', { command, description: 'run' }, mode);

type Options = {
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the hook reads: text, bytes, or something that writes on its own. */
  readonly input: string | Buffer | ((stdin: Writable) => void) | Socket;
  readonly stdout?: number;
};

/** Runs a hook to its end; it is killed after 30 s, which no expectation accepts. */
export function play([program = '', ...args]: readonly string[], options: Options): Promise<Played> {
  const { environment, cwd = '/', input, stdout = 'pipe' } = options;
  const given = typeof input === 'string' || Buffer.isBuffer(input) || typeof input === 'function';
  const stdio: SpawnOptions['stdio'] = [given ? 'pipe' : input, stdout, 'pipe'];
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...environment },
      stdio,
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    const out = collect(child.stdout);
    const err = collect(child.stderr);
    child.on('error', fail);
    child.on('close', (status, signal) => done({ status, signal, stdout: out(), stderr: err() }));
    // A hook may answer before it has read everything.
    child.stdin?.on('error', () => {});
    if (typeof input === 'function' && child.stdin) input(child.stdin);
    else if (given) child.stdin?.end(input);
  });
}

function collect(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

export type Answer = {
  /** `open` is what must never be: the host runs the call because it got no usable answer. */
  readonly verdict: 'deny' | 'ask' | 'pass' | 'open';
  readonly reason: string;
  /** What the user is shown. */
  readonly notice: string;
  /** True when the host ends the session. */
  readonly stops: boolean;
};

/** What Claude Code makes of a PreToolUse hook's output, `onFailure` left out: docs of the contract, measured. */
export function answerOf({ status, stdout, stderr }: Played): Answer {
  const silent = { notice: '', stops: false };
  if (status === 2) return { verdict: 'deny', reason: stderr, ...silent };
  if (status !== 0) return { verdict: 'open', reason: `exit status ${status}: ${stderr}`, ...silent };
  if (stdout === '') return { verdict: 'pass', reason: '', ...silent };
  const answer = parseAnswer(stdout);
  const { hookEventName, permissionDecision, permissionDecisionReason } = answer?.hookSpecificOutput ?? {};
  const usable =
    hookEventName === 'PreToolUse' && (permissionDecision === 'deny' || permissionDecision === 'ask');
  if (!usable) return { verdict: 'open', reason: stdout, ...silent };
  return {
    verdict: permissionDecision,
    reason: permissionDecisionReason ?? '',
    notice: answer?.systemMessage ?? answer?.stopReason ?? '',
    stops: answer?.continue === false,
  };
}

type HookOutput = {
  continue?: boolean;
  stopReason?: string;
  systemMessage?: string;
  decision?: string;
  reason?: string;
  hookSpecificOutput?: {
    hookEventName?: string;
    permissionDecision?: string;
    permissionDecisionReason?: string;
  };
};

export function parseAnswer(stdout: string): HookOutput | undefined {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
