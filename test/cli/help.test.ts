import { parse } from 'shell-quote';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/cli/args.ts';
import { commands, jobs } from '../../src/cli/commands/index.ts';
import { helpFor, overview } from '../../src/cli/help.ts';

/** The words of the `blastguard` call in a line, up to a redirection or the next command. */
function callIn(line: string): readonly string[] {
  const inner = /\$\((blastguard [^)]*)\)/.exec(line)?.[1] ?? line;
  const words = parse(inner, (name) => `$${name}`);
  const start = words.indexOf('blastguard');
  const rest = words.slice(start);
  const end = rest.findIndex((word) => typeof word !== 'string');
  return (end < 0 ? rest : rest.slice(0, end)).filter((word) => typeof word === 'string');
}

describe('the overview', () => {
  const text = overview(jobs);

  test.each(jobs.map((job) => [job.title, job] as const))('%s holds its commands', (title, job) => {
    const section = text.split(`${title}:\n`)[1]?.split('\n\n')[0] ?? '';
    expect(section.split('\n').map((line) => line.trim().split(/ {2,}/)[0])).toEqual(
      job.commands.map(({ name }) => name),
    );
  });

  test('names each command once', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(commands.map((command) => [command.name, command] as const))('%s', (name, command) => {
  test('has a summary that is a sentence', () => expect(command.summary).toMatch(/^[A-Z].*[.)]$/));

  test('has an example, and its help shows it', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const [line] of command.examples) expect(helpFor(command)).toContain(`  ${line}  `);
  });

  test.each(command.examples.map(([line]) => line))('`%s` is a call of it that it accepts', (line) => {
    const words = callIn(line);
    const prefix = ['blastguard', ...name.split(' ')];
    expect(words.slice(0, prefix.length)).toEqual(prefix);
    expect(() => readArguments(command, words.slice(prefix.length))).not.toThrow();
  });
});
