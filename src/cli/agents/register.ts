import { existsSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forgetCode } from '../../host/code-cache.ts';
import { stateDir } from '../../host/places.ts';
import { type Agent, agents } from '../../protocol/agents.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, suggestion, UsageError } from '../args.ts';
import { chosenInstallation } from '../chosen-installation.ts';
import { faultText } from '../fault.ts';
import type { Proof } from '../proof.ts';
import { chosenProject, homeOf } from '../scope.ts';
import { readSettingsText } from '../settings/read.ts';
import { showChange } from '../settings/show-change.ts';
import { readTrail, type Trail, textBefore, trailOf, writeTrail } from '../settings/trail.ts';
import { replaceFile } from '../settings/write.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { holdsHook, withHook, withoutHook } from './edit.ts';
import { hookArgv, hookLine } from './entry.ts';
import { pluginText } from './opencode-plugin.ts';
import { proveAgent } from './prove.ts';

type Chosen = Agent & { readonly name: string; readonly file: string };

/** Puts the hook into the agent's configuration, and proves that it answers. */
export async function registerAgent(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const chosen = choose(args, terminal);
  const { name, file, registration } = chosen;
  const { shape } = registration;
  const installation = chosenInstallation(terminal.env, args.flag('dry-run'));
  const argv = hookArgv(installation, process.platform, name);
  const line = hookLine(argv, process.platform);
  const before = readSettingsText(file);
  const after =
    shape.kind === 'plugin' ? pluginText(argv) : withHook(file, before ?? '{}\n', shape, name, line);
  if (args.flag('dry-run')) return showChange(args, terminal, file, before ?? '', after);
  const state = after === before ? 'already registered' : 'registered';
  const madeDirectory = !existsSync(dirname(file));
  if (after !== before) write(chosen, terminal, before, after, madeDirectory);
  forgetCode(terminal.env);
  let proof: Proof;
  try {
    proof = proveAgent(registration, after, line, terminal.env);
  } catch (error) {
    if (after !== before) restore(file, before, madeDirectory);
    const cause = faultText(error);
    throw new Error(
      `${cause}; ${after === before ? 'the hook is registered but does not guard' : `${file} is as it was`}`,
    );
  }
  if (after !== before)
    await recordAction({ action: 'init', file, msg: `hook ${state} in ${file} for ${name}` }, terminal);
  report(args, terminal, chosen, state, proof);
  return 0;
}

/** Takes the hook out of the agent's configuration again. */
export async function unregisterAgent(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const chosen = choose(args, terminal);
  const { name, file } = chosen;
  const say = (state: string, words: string) =>
    terminal.out(args.flag('json') ? `${JSON.stringify({ agent: name, file, state })}\n` : `${words}\n`);
  const text = readSettingsText(file);
  if (text === undefined || !isRegistered(chosen, text)) {
    say('not registered', `not registered in ${file}`);
    return 0;
  }
  const trail = readTrail(stateDir(terminal.env), file);
  const restored = original(chosen, text, trail);
  const removesFile = restored === '' || (trail?.madeFile === true && isBare(restored));
  if (args.flag('dry-run')) return showChange(args, terminal, file, text, removesFile ? '' : restored);
  if (removesFile) unlinkSync(file);
  else replaceFile(file, restored);
  if (removesFile && trail?.madeDirectory === true) removeWhenEmpty(dirname(file));
  keepTrail(terminal, file, undefined);
  await recordAction({ action: 'uninstall', file, msg: `hook removed from ${file}` }, terminal);
  say('removed', `removed from ${file}${removesFile ? ', which held nothing else and is gone' : ''}`);
  return 0;
}

/** The agent and its file that the command line means. Throws UsageError. */
function choose(args: Arguments, terminal: Terminal): Chosen {
  const name = args.text('agent') ?? '';
  const agent = agents.get(name);
  const names = [...agents.keys()];
  if (agent === undefined)
    throw new UsageError(
      `no agent is called \`${name}\`${suggestion(name, names)}; there are ${names.join(', ')}`,
    );
  for (const scope of ['local', 'managed'])
    if (args.flag(scope)) throw new UsageError(`--${scope} is for Claude Code alone`);
  const { projectFile, userFile, homeVariable } = agent.registration;
  const moved = homeVariable === undefined ? undefined : terminal.env[homeVariable.name];
  const userPath = () =>
    moved && homeVariable ? join(moved, ...homeVariable.file) : join(homeOf(terminal), ...userFile);
  const file = args.flag('user') ? userPath() : join(chosenProject(args, terminal), ...projectFile);
  return { ...agent, name, file };
}

const isRegistered = ({ name, file, registration: { shape } }: Chosen, text: string): boolean =>
  shape.kind === 'plugin' ? text.includes('blastguard init --agent') : holdsHook(file, text, name);

/** The text before `init`; a file of our own is not there. */
function original(
  { name, file, registration: { shape } }: Chosen,
  text: string,
  trail: Trail | undefined,
): string {
  return textBefore(trail, text) ?? (shape.kind === 'plugin' ? '' : withoutHook(file, text, name));
}

/** True for JSON that says nothing. */
const isBare = (text: string): boolean =>
  /^\s*\{\s*(?:"version"\s*:\s*1\s*)?\}\s*$/.test(text) || text === '';

function write(
  chosen: Chosen,
  terminal: Terminal,
  before: string | undefined,
  after: string,
  madeDirectory: boolean,
): void {
  const { file } = chosen;
  const old = readTrail(stateDir(terminal.env), file);
  const stale = before !== undefined && isRegistered(chosen, before);
  const first = stale ? original(chosen, before, old) : (before ?? '');
  const made = stale && old !== undefined ? old : { madeFile: before === undefined, madeDirectory };
  replaceFile(file, after);
  keepTrail(
    terminal,
    file,
    trailOf(first, after, { madeFile: made.madeFile, madeDirectory: made.madeDirectory }),
  );
}

function keepTrail(terminal: Terminal, file: string, trail: Trail | undefined): void {
  try {
    writeTrail(stateDir(terminal.env), file, trail);
  } catch {
    // without a trail `uninstall` edits the text instead of giving back the old bytes
  }
}

function restore(file: string, before: string | undefined, madeDirectory: boolean): void {
  if (before !== undefined) {
    replaceFile(file, before);
    return;
  }
  unlinkSync(file);
  if (madeDirectory) removeWhenEmpty(dirname(file));
}

function removeWhenEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // something else is in it
  }
}

function report(args: Arguments, terminal: Terminal, chosen: Chosen, state: string, proof: Proof): void {
  const { name, file, registration } = chosen;
  if (args.flag('json')) {
    terminal.out(`${JSON.stringify({ agent: name, file, state, proof })}\n`);
    return;
  }
  const { colours } = terminal;
  terminal.out(`${colours.green(state)}: ${file} (${registration.title})\n`);
  terminal.out(
    `proven: \`terraform destroy\` denied in ${proof.deny.toFixed(0)} ms, \`ls\` passed in ${proof.pass.toFixed(0)} ms\n`,
  );
  if (registration.note !== undefined) terminal.out(`${colours.yellow(registration.note)}\n`);
  terminal.out(
    colours.dim(
      `start ${registration.title} again; docs/agents.md in the repository says what its hooks cannot stop\n`,
    ),
  );
}
