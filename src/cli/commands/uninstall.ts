import { rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { stateDir } from '../../host/places.ts';
import { recordAction } from '../action-log.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { unifiedDiff } from '../diff.ts';
import { notAPerson } from '../person.ts';
import { EVENTS } from '../settings/entry.ts';
import { chosenTarget, scopeOptions } from '../settings/scope.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const uninstall: CliCommand = {
  name: 'uninstall',
  summary: 'Take the hook out of the settings again. For people: refused inside Claude Code.',
  usage: '[--agent NAME] [--user | --local | --managed] [--project DIR] [--yes] [--dry-run] [--json]',
  options: { ...scopeOptions, yes: { help: 'needed where standard input is not a terminal' } },
  examples: [
    ['blastguard uninstall --dry-run', 'what would change in .claude/settings.json'],
    ['blastguard uninstall --user', 'take it out of ~/.claude/settings.json'],
  ],
  run: unregisterHook,
};

async function unregisterHook(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const refusal = args.flag('dry-run') ? undefined : notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may take the hook out: ${refusal}\n`);
    return 1;
  }
  if (args.text('agent') !== undefined)
    return (await import('../agents/register.ts')).unregisterAgent(args, terminal);
  const { isObject, ownPlaces, parseSettings, readSettingsText } = await import('../settings/read.ts');
  const { unregister } = await import('../settings/edit.ts');
  const { readTrail, textBefore, writeTrail } = await import('../settings/trail.ts');
  const { replaceFile } = await import('../settings/write.ts');

  const { file, scope } = chosenTarget(args, terminal);
  const say = (state: string, words: string) =>
    terminal.out(args.flag('json') ? `${JSON.stringify({ file, scope, state })}\n` : `${words}\n`);
  const text = readSettingsText(file);
  const settings = text === undefined ? {} : parseSettings(file, text);
  if (text === undefined || EVENTS.every((event) => ownPlaces(settings, event).length === 0)) {
    say('not registered', `not registered in ${file}`);
    return 0;
  }
  const trails = stateDir(terminal.env);
  const trail = readTrail(trails, file);
  const restored = textBefore(trail, text) ?? unregister(file, text);
  const isEmpty = isObject(settings) && Object.keys(parseSettings(file, restored)).length === 0;
  const removesFile = isEmpty && trail?.madeFile === true;

  if (args.flag('dry-run')) {
    const diff = unifiedDiff(file, text, removesFile ? '' : restored);
    terminal.out(args.flag('json') ? `${JSON.stringify({ file, changes: true, diff })}\n` : diff);
    return 0;
  }
  if (removesFile) unlinkSync(file);
  else replaceFile(file, restored);
  if (removesFile && trail?.madeDirectory === true) removeWhenEmpty(dirname(file));
  try {
    writeTrail(trails, file, undefined);
  } catch {
    // an old trail fits no later text: its hash does not
  }
  await recordAction({ action: 'uninstall', file, msg: `hook removed from ${file}` }, terminal);
  say('removed', `removed from ${file}${removesFile ? ', which held nothing else and is gone' : ''}`);
  return 0;
}

function removeWhenEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // something else is in it
  }
}
