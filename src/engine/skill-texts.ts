import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import type { CommandText } from './call-texts.ts';

/** Bytes of a file that is read. */
const largest = 1 << 20;

/**
 * What Claude Code runs while it loads the skill or slash command that a call names: the commands in its file, with the
 * call's arguments put in as text. The client asks about none of them (seen with 2.1.329).
 */
export function skillTexts({ input }: Call, facts: Facts): CommandText[] {
  const { skill, args } = input;
  if (typeof skill !== 'string') return [];
  return [...new Set(filesOf(skill.replace(/^\//, ''), facts))].flatMap((file) => {
    const text = facts.readText(file, largest)?.replaceAll('\r\n', '\n');
    return text === undefined ? [] : commandsIn(text, typeof args === 'string' ? args : '');
  });
}

/** Where a skill may lie, by the name of its directory or the one that it gives itself. */
function filesOf(name: string, facts: Facts): string[] {
  const path = name.replaceAll(':', '/');
  return configDirs(facts).flatMap((dir) => [
    `${dir}/commands/${path}.md`,
    `${dir}/skills/${path}/SKILL.md`,
    ...facts
      .list(`${dir}/skills`)
      .map((skill) => `${dir}/skills/${skill}/SKILL.md`)
      .filter((file) => field(facts.readText(file, largest) ?? '', 'name') === name),
  ]);
}

function configDirs({ cwd, projectDir, home, environment }: Facts): string[] {
  const parts = cwd.split('/');
  const above = parts.map((_, i) => parts.slice(0, parts.length - i).join('/'));
  const places = [...above, projectDir, ...(home === undefined ? [] : [home])].map((dir) => `${dir}/.claude`);
  const { CLAUDE_CONFIG_DIR: own } = environment;
  return own === undefined ? places : [...places, own];
}

const matter = /^---\n([\s\S]*?)\n---(?:\n|$)/;

/** A field of the front matter, without quotes and brackets. */
function field(text: string, name: string): string | undefined {
  const [, head = ''] = matter.exec(text) ?? [];
  const line = head.split('\n').find((line) => line.startsWith(`${name}:`));
  return line?.slice(name.length + 1).replaceAll(/^[\s"'[]+|[\s"'\]]+$/g, '');
}

/** The client's own expressions: a block ```! and a `!` before backticks, at a line's start or behind a space. */
const blocks = /```!\s*\n?([\s\S]*?)\n?```/g;
const inline = /(?<=^|\s)!`([^`]+)`/gm;

function commandsIn(text: string, args: string): CommandText[] {
  const body = text.replace(matter, '');
  const names = field(text, 'arguments')?.split(/[\s,]+/) ?? [];
  const words = [...args.matchAll(/"([^"]*)"|'([^']*)'|[^\s;&|<>()]+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
  const withArguments = (command: string) =>
    command.replaceAll(
      /\$ARGUMENTS\[(\d+)\]|\$ARGUMENTS(?!\w)|\$(\d+)|\$([A-Za-z_]\w*)/g,
      (written, indexed, index = indexed, name) => {
        if (written === '$ARGUMENTS') return args;
        return words[name === undefined ? Number(index) : names.indexOf(name)] ?? written;
      },
    );
  const language = field(text, 'shell') === 'powershell' ? 'powershell' : 'shell';
  return [...body.matchAll(blocks), ...body.matchAll(inline)].map(([, command = '']) => ({
    text: withArguments(command.trim()),
    language,
  }));
}
