import type { Call } from '../model/call.ts';

/** A text of a call that is run as commands, and the shell that runs it. */
export type CommandText = { readonly text: string; readonly language: 'shell' | 'powershell' };

/** The texts of a call that a shell would run. Text that is merely passed on (a message, a file's content) is not among them. */
export function commandTexts(call: Call): CommandText[] {
  if (call.tool === 'Bash' || call.tool === 'Monitor') return textAt(call.input, 'command', 'shell');
  if (call.tool === 'PowerShell') return textAt(call.input, 'command', 'powershell');
  if (call.tool.startsWith('mcp__')) return serverTexts(call.tool, call.input);
  return [];
}

function textAt(input: Call['input'], key: string, language: CommandText['language']): CommandText[] {
  const value = input[key];
  return typeof value === 'string' ? [{ text: value, language }] : [];
}

const commandKey =
  /^(?:cmd|cmds|commands?|script|shell|code|exec|line|cli|bash|sh|program|(?:.*_)?command(?:_?line)?|cli_command|shell_command)$/i;
const runnerTool =
  /(?:^|[_-])(?:run|exec|execute|shell|bash|terminal|command|cmd|cli|call_aws|ssh|process|spawn)(?:$|[_-])/i;

/**
 * An MCP server's tool takes what it likes. Strings under a name like `command` are commands, and every string of a
 * tool named like a runner (`run_shell`, `execute`) is. A list of words under such a name is one command.
 */
function serverTexts(tool: string, input: Call['input']): CommandText[] {
  const runner = runnerTool.test(tool.split('__').at(-1) ?? tool);
  const texts: CommandText[] = [];
  const add = (text: string) =>
    texts.push({ text, language: /powershell|pwsh/i.test(tool) ? 'powershell' : 'shell' });
  const walk = (value: unknown, key: string, depth: number): void => {
    if (depth > 16) return;
    const runs =
      commandKey.test(key) ||
      (runner &&
        !/^(?:cwd|dir|directory|path|workdir|working_directory|description|timeout|name|id|env)$/i.test(key));
    if (typeof value === 'string') {
      if (runs) add(value);
      return;
    }
    if (Array.isArray(value)) {
      if (runs && value.every((item) => typeof item === 'string')) {
        add(value.map(quote).join(' '));
        for (const item of value) if (/\s/.test(item)) add(item);
      } else for (const item of value) walk(item, key, depth + 1);
      return;
    }
    if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) walk(item, name, depth + 1);
  };
  for (const [name, item] of Object.entries(input)) walk(item, name, 0);
  const { command, args } = input;
  if (typeof command === 'string' && Array.isArray(args) && args.every((item) => typeof item === 'string')) {
    add([command, ...args].map(quote).join(' '));
  }
  return texts;
}

const quote = (text: string): string =>
  /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
