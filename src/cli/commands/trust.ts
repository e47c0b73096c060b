import { resolve } from 'node:path';
import { packText, readPackFile } from '../../host/config.ts';
import { asText, configPlaces, presentFiles } from '../../host/config-files.ts';
import { realPath } from '../../host/facts.ts';
import { projectRoot } from '../../host/places.ts';
import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { isPinned, type Pin, readPin, removePin, writePin } from '../../host/trust.ts';
import { compiler } from '../../lazy.ts';
import { recordAction } from '../action-log.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { unifiedDiff } from '../diff.ts';
import { notAPerson } from '../person.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const trust: CliCommand = {
  name: 'trust',
  summary: "Trust a project's configuration as it is now. For people: refused inside Claude Code.",
  usage: '[DIR] [--withdraw] [--yes]',
  operands: true,
  options: {
    withdraw: { help: 'trust it no longer' },
    yes: { help: 'do not ask; needed where standard input is not a terminal' },
  },
  examples: [['blastguard trust', 'show what changed since it was trusted, and ask']],
  run: trustProject,
};

async function trustProject(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const refusal = notAPerson(terminal, args.flag('yes'));
  if (refusal !== undefined) {
    terminal.err(`blastguard: only a person may trust a configuration: ${refusal}\n`);
    return 1;
  }
  const [named, ...surplus] = args.operands;
  if (surplus.length > 0) throw new UsageError('more than one directory');
  const project =
    named === undefined ? projectRoot(terminal.cwd, terminal.env) : resolve(terminal.cwd, named);
  const pin = readProject(project, terminal);
  const before = readPin(terminal.env, pin.file);
  if (args.flag('withdraw')) return withdraw(pin.file, before, terminal);
  if (before !== undefined && isPinned(before, new Map(Object.entries(pin.texts)))) {
    terminal.out(`${pin.file} is trusted as it is\n`);
    return 0;
  }
  for (const file of new Set([...Object.keys(before?.texts ?? {}), ...Object.keys(pin.texts)]))
    terminal.out(shown(file, before?.texts[file] ?? '', pin.texts[file] ?? ''));
  if (!args.flag('yes') && !/^y(?:es)?$/i.test((await terminal.ask(`Trust ${pin.file}? [y/N] `)).trim())) {
    terminal.out('not trusted\n');
    return 1;
  }
  writePin(terminal.env, pin);
  await recordAction({ action: 'trust', file: pin.file, msg: `trusted ${pin.file}` }, terminal);
  terminal.out(`trusted ${pin.file}\n`);
  return 0;
}

/** The project's configuration and the packs that it names, read once: what is shown is what is trusted. */
function readProject(project: string, { env }: Terminal): Pin {
  const found = presentFiles(configPlaces(env, project)).find(({ level }) => level === 'project');
  if (found === undefined) throw new Error(`there is no .blastguard.yaml in ${project}`);
  const { file } = found;
  const content = asText(found.content);
  if ('fault' in content) throw new Error(`${file} cannot be read: ${content.fault}`);
  const texts: Record<string, string> = { [realPath(file)]: content.text };
  const source = { level: 'project', file, content, trust: 'trusted' } as const;
  const { reports } = compiler().compileConfig([source], openBuiltInPolicy(), (from, name) => {
    const pack = readPackFile(from, name);
    const text = packText(pack, name);
    texts[pack.file] = text;
    return text;
  });
  const fault = reports[0]?.fault;
  if (fault !== undefined) throw new Error(fault);
  return { file: realPath(file), texts };
}

/** The difference to what was trusted before, or the file, with nothing in it that could drive the terminal. */
function shown(file: string, before: string, after: string): string {
  const text = before === '' ? `${file}:\n${indented(after)}` : unifiedDiff(file, before, after);
  return text
    .split('\n')
    .map((line) => `${printable(line)}\n`)
    .join('');
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

async function withdraw(file: string, before: Pin | undefined, terminal: Terminal): Promise<ExitCode> {
  if (before === undefined) {
    terminal.out(`${file} was not trusted\n`);
    return 0;
  }
  removePin(terminal.env, file);
  await recordAction({ action: 'trust', file, msg: `trusted no longer: ${file}` }, terminal);
  terminal.out(`${file} is trusted no longer: it only tightens\n`);
  return 0;
}
