import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import type { CommandText } from './call-texts.ts';
import { commandsIn } from './settings-texts.ts';

/** What a YAML text holds; undefined when it is not valid. */
export type ParseYaml = (text: string) => unknown;

/** Bytes of a file that is read. */
const largest = 1 << 20;

/**
 * What Claude Code runs while it loads the skill or slash command that a call names: the commands in its file, with the
 * call's arguments put in as text, and its hooks. The client asks about none of them (seen with 2.1.329).
 */
export function skillTexts({ input }: Call, facts: Facts, parseYaml: ParseYaml): CommandText[] {
  const { skill, args } = input;
  if (typeof skill !== 'string') return [];
  const name = skill.replace(/^\//, '');
  const path = name.replaceAll(':', '/');
  const files = configDirs(facts).flatMap((dir) => [
    `${dir}/commands/${path}.md`,
    `${dir}/skills/${path}/SKILL.md`,
    ...named(
      name,
      facts.list(`${dir}/skills`).map((each) => `${dir}/skills/${each}/SKILL.md`),
      facts,
    ),
  ]);
  return textsOf(files, facts).flatMap((text) => [
    ...inlineCommands(text, typeof args === 'string' ? args : ''),
    ...started(text, parseYaml),
  ]);
}

/** The hooks and servers that Claude Code starts with the agent that a call names. */
export function agentTexts({ input }: Call, facts: Facts, parseYaml: ParseYaml): CommandText[] {
  const { subagent_type: name } = input;
  if (typeof name !== 'string') return [];
  const files = configDirs(facts).flatMap((dir) =>
    named(
      name,
      facts.list(`${dir}/agents`).map((each) => `${dir}/agents/${each}`),
      facts,
    ),
  );
  return textsOf(files, facts).flatMap((text) => started(text, parseYaml));
}

/** The files that give themselves a name. */
const named = (name: string, files: readonly string[], facts: Facts): readonly string[] =>
  files.filter((file) => field(facts.readText(file, largest) ?? '', 'name') === name);

const textsOf = (files: readonly string[], facts: Facts): string[] =>
  [...new Set(files)].flatMap((file) => facts.readText(file, largest)?.replaceAll('\r\n', '\n') ?? []);

/** What the front matter of a file has Claude Code start. */
function started(text: string, parseYaml: ParseYaml): CommandText[] {
  const [, head = ''] = matter.exec(text) ?? [];
  return /^\W*(?:hooks|mcpServers)\b/m.test(head) ? commandsIn(JSON.stringify(parseYaml(head))) : [];
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

function inlineCommands(text: string, args: string): CommandText[] {
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
