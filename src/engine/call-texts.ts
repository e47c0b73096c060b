import type { Call } from '../model/call.ts';
import type { Facts } from '../model/facts.ts';
import { quote } from '../model/shell-quote.ts';
import { settingsTexts } from './settings-texts.ts';
import { agentTexts, type ParseYaml, skillTexts } from './skill-texts.ts';
import { type Field, fieldsOf, serverTool } from './tool-words.ts';

/** A text of a call that is run as commands, and the shell that runs it. */
export type CommandText = { readonly text: string; readonly language: 'shell' | 'powershell' };

/** The texts of a call that a shell would run. Text that is merely passed on (a message, a file's content) is not among them. */
export function commandTexts(call: Call, facts: Facts, parseYaml: ParseYaml): CommandText[] {
  const { command } = call.input;
  if (call.tool === 'Bash' || call.tool === 'Monitor')
    return typeof command === 'string' ? [{ text: command, language: 'shell' }] : [];
  if (call.tool === 'PowerShell')
    return typeof command === 'string' ? [{ text: command, language: 'powershell' }] : [];
  if (call.tool === 'Skill') return skillTexts(call, facts, parseYaml);
  if (call.tool === 'Agent' || call.tool === 'Task') return agentTexts(call, facts, parseYaml);
  if (call.tool === 'Write' || call.tool === 'Edit')
    return startsPrograms(call, facts) ? settingsTexts(call, facts) : [];
  return serverTexts(call);
}

/** Whether a file names programs that Claude Code starts: its settings, and a project's servers. */
const startsPrograms = ({ input: { file_path: path } }: Call, { guard, realPath }: Facts): boolean =>
  typeof path === 'string' && (/(?:^|\/)\.mcp\.json$/.test(path) || guard.settings.includes(realPath(path)));

const commandKey =
  /^(?:cmd|cmds|commands?|script|shell|code|exec|line|cli|bash|sh|program|(?:.*_)?command(?:_?line)?|cli_command|shell_command)$/i;
const runners =
  /^(?:run|exec|execute|shell|bash|terminal|command|cmd|cli|call|ssh|process|spawn|powershell|pwsh)$/;
/** What such a tool is given is code of another kind, which rules read by its language. */
const otherLanguage =
  /^(?:sql|query|queries|cypher|graphql|gql|promql|logql|aggregat\w*|transaction|mongo\w*|redis|migration|workflow|tests?)$/;
const settingKey =
  /^(?:cwd|dir|directory|path|workdir|working_?dir(?:ectory)?|description|timeout|name|id|env|environment|host|hostname|server|user|username|pod|container|namespace|context|region|profile|language|shell_?type)$/i;

/** Programs that servers are made for: what they are given is often the program's arguments alone. */
const programs = new Set(
  'aws gcloud az kubectl helm terraform tofu pulumi docker git gh glab heroku flyctl wrangler vercel railway supabase doctl'.split(
    ' ',
  ),
);

/**
 * An MCP server's tool takes what it likes. Strings under a name like `command` are commands, and every string of a
 * tool named like a runner (`run_shell`, `execute`) is. A list of words under such a name is one command.
 */
function serverTexts({ tool, input }: Call): CommandText[] {
  const named = serverTool(tool);
  if (named === undefined || named.words.some((word) => otherLanguage.test(word))) return [];
  const runner = named.words.some((word) => runners.test(word));
  const texts: string[] = [];
  const walk = (value: unknown, key: string, depth: number): void => {
    if (depth > 16 || /^env(?:ironment)?$/i.test(key)) return;
    const runs = commandKey.test(key) || (runner && !settingKey.test(key));
    if (typeof value === 'string') {
      if (runs) texts.push(value);
      return;
    }
    if (Array.isArray(value)) {
      if (runs && value.every((item) => typeof item === 'string')) {
        texts.push(value.map(quote).join(' '));
        if (value.some((item) => /\s/.test(item))) texts.push(...value);
      } else for (const item of value) walk(item, key, depth + 1);
      return;
    }
    if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) walk(item, name, depth + 1);
  };
  const split = programAndArguments(input);
  if (split !== undefined) texts.push(split.text);
  for (const [name, item] of Object.entries(input))
    if (split === undefined || !split.fields.includes(name)) walk(item, name, 0);
  const language = /powershell|pwsh/i.test(tool) ? 'powershell' : 'shell';
  const around = surroundings(named, input, language);
  return texts.map((text) => ({ text: around(text), language }));
}

/** A program in one field and its arguments as a list in another are one command. */
function programAndArguments(
  input: Call['input'],
): { readonly text: string; readonly fields: readonly string[] } | undefined {
  const program = ['command', 'cmd', 'program', 'executable'].find((name) => typeof input[name] === 'string');
  const list = ['args', 'argv', 'arguments'].find((name) => Array.isArray(input[name]));
  const args: unknown = list === undefined ? undefined : input[list];
  if (program === undefined || list === undefined || !Array.isArray(args) || args.length === 0)
    return undefined;
  if (!args.every((item) => typeof item === 'string')) return undefined;
  return { text: [input[program], ...args.map(quote)].join(' '), fields: [program, list] };
}

/** What the rest of the call says of a command, written as a shell has it: its program, where and with what it runs. */
function surroundings(
  { server, words }: { readonly server: readonly string[]; readonly words: readonly string[] },
  input: Call['input'],
  language: CommandText['language'],
): (text: string) => string {
  const fields = fieldsOf(input);
  const fieldNamed = (names: RegExp) => fields.find(([name]) => names.test(name))?.[1];
  const interpreter = interpreterFor([...server, ...words], fieldNamed(/^language$/i));
  const cwd = fieldNamed(/^(?:cwd|work_?dir|working_?dir(?:ectory)?)$/i);
  const before = [
    ...(cwd === undefined ? [] : [`cd ${quote(cwd)}`]),
    ...(language === 'shell' ? exports(input, fields) : []),
  ];
  const container = fieldNamed(/^(?:pod|container)(?:_?(?:name|id))?$/i);
  const host = fieldNamed(/^(?:ssh_?)?host(?:_?name)?$/i);
  // `run_gcloud_command {"args": ["projects", "delete"]}`: the program is in the tool's name.
  const program =
    container === undefined && !words.some((word) => /^(?:exec|shell|bash|terminal)$/.test(word))
      ? words.find((word) => programs.has(word))
      : undefined;
  return (text) => {
    if (interpreter !== undefined) return `${interpreter} ${quote(text)}`;
    const named = program === undefined || new RegExp(`^\\s*(?:\\S*/)?${program}\\b`).test(text);
    const line = [...before, named ? text : `${program} ${text}`].join('\n');
    if (language === 'powershell') return line;
    if (container !== undefined) return `docker exec ${quote(container)} sh -c ${quote(line)}`;
    return host === undefined || /^(?:local|localhost)$/i.test(host)
      ? line
      : `ssh ${quote(host)} ${quote(line)}`;
  };
}

/** The interpreter whose code a tool takes, where its name or its input says so. */
function interpreterFor(words: readonly string[], language = ''): string | undefined {
  const says = (names: RegExp) => names.test(language) || words.some((word) => names.test(word));
  if (/^(?:bash|sh|shell|zsh)$/i.test(language)) return undefined;
  if (says(/^(?:python3?|py|ipython|jupyter|repl)$/i)) return 'python3 -c';
  if (words.includes('ide') && words.includes('code')) return 'python3 -c';
  return says(/^(?:javascript|js|node|nodejs|typescript|ts|deno|playwright|puppeteer|browser|chrome)$/i)
    ? 'node -e'
    : undefined;
}

/** The variables that a call sets for its command: `env: {NAME: "value"}` or `env: ["NAME=value"]`. */
function exports(input: Call['input'], fields: readonly Field[]): string[] {
  const { env = input.environment } = input;
  const pairs =
    typeof env === 'object' && env !== null && !Array.isArray(env)
      ? Object.entries(env).map(([name, value]) => [name, String(value)] as const)
      : fields
          .filter(([name]) => /^(?:env|environment)$/.test(name))
          .map(([, value]) => value.split(/=(.*)/s).slice(0, 2) as [string, string?]);
  return pairs
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value = '']) => `export ${name}=${quote(value)}`);
}
