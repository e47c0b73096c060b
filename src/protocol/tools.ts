import type { Call } from '../model/call.ts';
import { quoted } from '../model/shell-quote.ts';
import { type PatchedFile, readPatch } from './patch.ts';
import { type Data, isAbsolutePath, isObject, stringAt, textAt } from './payload.ts';

/** A tool call in the words that the engine knows: Claude Code's tools, or `mcp__SERVER__TOOL` for any other. */
export type ToolCall = { readonly tool: string; readonly input: Data };

/** What of a call is the same whatever its tool. */
export type Around = Pick<Call, 'cwd' | 'permissionMode' | 'sessionId'> & Pick<Partial<Call>, 'toolUseId'>;

/** Calls of tools. A path that is relative to the session's directory is made absolute. */
export const toolCalls = (calls: readonly ToolCall[], around: Around): readonly Call[] =>
  calls.map(({ tool, input }) => {
    const path = textAt(input, 'file_path');
    const known = path === '' || tool.startsWith('mcp__') || isAbsolutePath(path) || path.startsWith('~');
    const own = known ? input : { ...input, file_path: `${around.cwd}/${path}` };
    return { event: 'PreToolUse', tool, input: own, ...around };
  });

export const promptCall = (around: Around): Call => ({
  event: 'UserPromptSubmit',
  tool: '',
  input: {},
  ...around,
});

/** A shell's line, run where the tool says. `command` must be there: a call that hides its command is not judged. */
export function shellCall(input: Data, key: string, directory?: string): ToolCall {
  const command = stringAt(input, key);
  const where = directory === undefined ? '' : textAt(input, directory);
  return bash(where === '' ? command : `cd ${quoted(where)}\n${command}`);
}

export const bash = (command: string): ToolCall => ({ tool: 'Bash', input: { command } });

export const powerShellCall = (input: Data, key: string): ToolCall => ({
  tool: 'PowerShell',
  input: { command: stringAt(input, key) },
});

export function writeCall(input: Data, path: string, content: string): ToolCall {
  return {
    tool: 'Write',
    input: { file_path: stringAt(input, path), content: textAt(input, content) },
  };
}

/** An edit by replacement. Names are those of the host. */
export function editCall(input: Data, path: string, from: string, to: string, all = ''): ToolCall {
  const whole = input[all] === true ? { replace_all: true } : {};
  const texts = { old_string: textAt(input, from), new_string: textAt(input, to) };
  return { tool: 'Edit', input: { file_path: stringAt(input, path), ...texts, ...whole } };
}

export const readCall = (path: string): ToolCall => ({ tool: 'Read', input: { file_path: path } });

/** A tool that is none of the host's own: what its fields are called says what it does, as with an MCP server's. */
export const otherCall = (server: string, tool: string, input: unknown): ToolCall => ({
  tool: `mcp__${server.replaceAll('__', '_') || 'host'}__${tool}`,
  input: isObject(input) ? input : { value: input },
});

/** A tool of an MCP server where the host names it as Claude Code does. */
export const serverCall = (tool: string, input: unknown): ToolCall => ({ ...otherCall('', '', input), tool });

/** The files that a patch changes, each as a call of its own. */
export const patchCalls = (patch: string): readonly ToolCall[] => readPatch(patch).flatMap(patchedFile);

function patchedFile(file: PatchedFile): readonly ToolCall[] {
  const { act, path } = file;
  if (act === 'delete') return [otherCall('patch', 'delete_file', { path })];
  if (act === 'add') return [{ tool: 'Write', input: { file_path: path, content: file.content } }];
  const edits = file.hunks.map(({ before, after }) => ({
    tool: 'Edit',
    input: { file_path: path, old_string: before, new_string: after },
  }));
  if (file.to === undefined) return edits;
  return [...edits, otherCall('patch', 'move_file', { source: path, destination: file.to })];
}
