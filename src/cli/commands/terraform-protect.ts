import { resolve } from 'node:path';
import { count } from '../../report/count.ts';
import type { ProtectedFile } from '../../terraform/protect.ts';
import type { Arguments } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { editedDiff } from '../diff.ts';
import { faultText } from '../fault.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';
import { directoriesAt, typeOption, typesOf } from './terraform-audit.ts';

export const terraformProtect: CliCommand = {
  name: 'terraform protect',
  summary: 'Write the protection that `terraform audit` misses; without --write, show the change.',
  usage: '[DIR…] [--write] [--type GLOB,…]',
  operands: true,
  options: { write: { short: 'w', help: 'change the files' }, type: typeOption },
  examples: [
    ['blastguard terraform protect', 'show the change as a diff; exit 1 when there is one'],
    ['blastguard terraform protect infra --write', 'make it'],
  ],
  exits: [
    [0, 'nothing is missing, or it was written'],
    [1, 'something is missing, or a file could not be changed'],
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { protectModule } = await import('../../terraform/protect.ts');
  const write = args.flag('write');
  const types = typesOf(args);
  let [files, resources, failed] = [0, 0, false];
  for (const { sources, unreadable } of directoriesAt(args.operands, terminal)) {
    const protection = protectModule(sources, types);
    for (const { file, cause } of unreadable) failed = complain(`${file}: ${cause}`, terminal);
    for (const file of protection.broken)
      failed = complain(
        `${file}: left as it is, because it has syntax errors: \`blastguard terraform audit\` names them`,
        terminal,
      );
    for (const file of protection.files) {
      if (write) failed = !(await put(file, terminal)) || failed;
      else terminal.out(coloured(editedDiff(file.file, file.before, file.edits), terminal));
    }
    files += protection.files.length;
    resources += protection.resources.length;
  }
  if (failed) return 1;
  if (files === 0)
    terminal.out('nothing to protect: nothing is missing that can be written without a choice\n');
  else if (write)
    terminal.out(
      `protected ${count(resources, 'resource')} in ${count(files, 'file')}; next: terraform plan\n`,
    );
  else
    terminal.out(
      `\n${count(resources, 'resource')} in ${count(files, 'file')}: \`--write\` changes the files\n`,
    );
  return files > 0 && !write ? 1 : 0;
}

function complain(text: string, terminal: Terminal): true {
  terminal.err(`blastguard: ${printable(text)}\n`);
  return true;
}

/** Puts the new text in the file's place, unless the file changed since it was read. */
async function put({ file, before, after }: ProtectedFile, terminal: Terminal): Promise<boolean> {
  const { readFileSync } = await import('node:fs');
  const { replaceFile } = await import('../settings/write.ts');
  const path = resolve(terminal.cwd, file);
  try {
    if (readFileSync(path, 'utf8') !== before)
      throw new Error('it changed while it was read: run this again');
    replaceFile(path, after);
    terminal.out(`${file}\n`);
    return true;
  } catch (error) {
    complain(`${file}: not changed: ${faultText(error)}`, terminal);
    return false;
  }
}

const coloured = (diff: string, { colours }: Terminal): string =>
  diff
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return colours.bold(line);
      if (line.startsWith('@@')) return colours.cyan(line);
      if (line.startsWith('+')) return colours.green(line);
      return line.startsWith('-') ? colours.red(line) : line;
    })
    .join('\n');
