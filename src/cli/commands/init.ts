import { existsSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { forgetCode } from '../../host/code-cache.ts';
import { stateDir } from '../../host/places.ts';
import { recordAction } from '../action-log.ts';
import type { Arguments } from '../args.ts';
import { chosenInstallation } from '../chosen-installation.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { type Proof, prove } from '../proof.ts';
import { hookEntry } from '../settings/entry.ts';
import { chosenTarget, scopeOptions, type Target } from '../settings/scope.ts';
import { showChange } from '../settings/show-change.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const init: CliCommand = {
  name: 'init',
  summary: 'Register the hook in the settings of Claude Code, and prove that it works.',
  usage: '[--agent NAME] [--user | --local | --managed] [--status-line] [--project DIR] [--dry-run] [--json]',
  options: {
    ...scopeOptions,
    'status-line': { help: 'show the switch and the denials of the session below the prompt, too' },
  },
  examples: [
    ['blastguard init', 'this project, shared with the team: .claude/settings.json'],
    ['blastguard init --agent codex', 'this project, for another agent'],
    ['blastguard init --user --dry-run', 'what would change for every project of yours'],
  ],
  exits: [
    [0, 'registered, and proven to stop `terraform destroy`'],
    [1, 'not registered; standard error says why'],
  ],
  run: registerHook,
};

async function registerHook(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  if (args.text('agent') !== undefined)
    return (await import('../agents/register.ts')).registerAgent(args, terminal);
  const { isComplete, register } = await import('../settings/edit.ts');
  const { ownPlaces, parseSettings, readSettingsText, SettingsError } = await import('../settings/read.ts');
  const { faultsOf } = await import('../settings/faults.ts');
  const { EVENTS } = await import('../settings/entry.ts');
  const { checkStatusLine, isOurStatusLine, statusLineOf } = await import('../settings/status-line.ts');

  const target = chosenTarget(args, terminal);
  const installation = chosenInstallation(terminal.env, args.flag('dry-run'));
  const entry = hookEntry(installation, process.platform);
  const before = readSettingsText(target.file);
  const text = before ?? '{}\n';
  const settings = parseOrExplain();
  // One that is there is kept up to date, as the entry is.
  const shown = args.flag('status-line') || isOurStatusLine(settings.statusLine);
  const wanted = { entry, statusLine: shown ? statusLineOf(installation) : undefined };
  if (shown) checkStatusLine(target.file, settings);
  const after = register(target.file, text, wanted);
  const registered = isComplete(settings, wanted);
  const stale = EVENTS.some((event) => ownPlaces(settings, event).length > 0);
  const state = registered ? 'already registered' : stale ? 'updated' : 'registered';

  if (args.flag('dry-run'))
    return showChange(args, terminal, target.file, before ?? '', registered ? text : after);
  const madeDirectory = !existsSync(dirname(target.file));
  if (!registered) await write();
  forgetCode(terminal.env);
  let proof: Proof;
  try {
    proof = prove(entry, terminal.env);
  } catch (error) {
    if (!registered) await restore();
    const cause = faultText(error);
    throw new Error(
      `${cause}; ${registered ? 'the hook is registered but does not guard' : `${target.file} is as it was`}`,
    );
  }
  if (!registered) {
    await recordAction(
      { action: 'init', file: target.file, msg: `hook ${state} in ${target.file}` },
      terminal,
    );
  }
  report(args, terminal, target, state, proof);
  return 0;

  function parseOrExplain() {
    const parsed = parseSettings(target.file, text);
    const [fault] = faultsOf(parsed);
    if (fault !== undefined) {
      throw new SettingsError(
        `${target.file}: ${fault}: Claude Code drops the whole file; correct it, then run init again`,
      );
    }
    if (parsed.disableAllHooks === true) {
      throw new SettingsError(
        `${target.file}: \`disableAllHooks\` is true: no hook would run; remove it, then run init again`,
      );
    }
    return parsed;
  }

  async function write() {
    const { replaceFile } = await import('../settings/write.ts');
    const { readTrail, textBefore, trailOf, writeTrail } = await import('../settings/trail.ts');
    const { unregister } = await import('../settings/edit.ts');
    const trails = stateDir(terminal.env);
    const old = readTrail(trails, target.file);
    const original = stale ? (textBefore(old, text) ?? unregister(target.file, text)) : text;
    const made = stale && old !== undefined ? old : { madeFile: before === undefined, madeDirectory };
    replaceFile(target.file, after);
    try {
      writeTrail(
        trails,
        target.file,
        trailOf(original, after, { madeFile: made.madeFile, madeDirectory: made.madeDirectory }),
      );
    } catch {
      // without a trail `uninstall` edits the text instead of giving back the old bytes
    }
  }

  async function restore() {
    const { replaceFile } = await import('../settings/write.ts');
    if (before !== undefined) return replaceFile(target.file, before);
    unlinkSync(target.file);
    if (madeDirectory) rmdirSync(dirname(target.file));
  }
}

function report(args: Arguments, terminal: Terminal, target: Target, state: string, proof: Proof): void {
  if (args.flag('json')) {
    terminal.out(`${JSON.stringify({ ...target, state, proof })}\n`);
    return;
  }
  const { colours } = terminal;
  terminal.out(`${colours.green(state)}: ${target.file} (${target.scope})\n`);
  terminal.out(
    `proven: \`terraform destroy\` denied in ${proof.deny.toFixed(0)} ms, \`ls\` passed in ${proof.pass.toFixed(0)} ms\n`,
  );
  if (target.scope === 'project' || target.scope === 'local') {
    const dir = dirname(dirname(target.file));
    terminal.out(colours.dim(`it guards sessions started in ${dir}; --user guards every session of yours\n`));
  }
}
