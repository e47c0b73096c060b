import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCall } from '../../src/protocol/claude-code.ts';
import './seed.ts';

/** What a hook is given, as a schema: the hook itself decodes by hand, because zod takes longer to load than all it does. */
const text = z.string().min(1);
const lenient = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? value : undefined));
const object = z.record(z.string(), z.unknown());
const judgedBy: Readonly<Record<string, string>> = {
  Bash: 'command',
  PowerShell: 'command',
  Write: 'file_path',
  Edit: 'file_path',
  NotebookEdit: 'notebook_path',
};
const common = z.object({
  cwd: text.regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)/),
  permission_mode: lenient,
  session_id: lenient,
  agent_id: lenient,
  tool_use_id: lenient,
  prompt_id: lenient,
});
const recorded = /^(?:PostToolUse|PostToolUseFailure|PermissionDenied|SessionStart|SessionEnd|ConfigChange)$/;
const toolCall = common
  .extend({ hook_event_name: z.literal('PreToolUse'), tool_name: text, tool_input: object })
  .refine(({ tool_name: tool, tool_input: input }) => {
    const key = Object.hasOwn(judgedBy, tool) ? judgedBy[tool] : undefined;
    return key === undefined || text.safeParse(input[key]).success;
  });
const otherEvent = common.extend({ hook_event_name: text, tool_input: z.unknown().optional() });

function bySchema(payload: unknown) {
  const parsed = otherEvent.safeParse(payload);
  if (!parsed.success) return undefined;
  const call = parsed.data.hook_event_name === 'PreToolUse' ? toolCall.safeParse(payload) : undefined;
  if (call && !call.success) return undefined;
  const {
    cwd,
    hook_event_name: event,
    permission_mode: mode,
    session_id: session,
    agent_id: agent,
    tool_use_id: use,
    prompt_id: prompt,
    tool_input: given,
  } = parsed.data;
  const input = object.safeParse(given);
  return {
    event,
    tool: call?.data.tool_name ?? '',
    input: input.success ? input.data : {},
    cwd,
    permissionMode: mode ?? 'unknown',
    sessionId: session ?? '',
    ...(agent === undefined ? {} : { agentId: agent }),
    ...(use === undefined ? {} : { toolUseId: use }),
    ...(prompt === undefined ? {} : { promptId: prompt }),
    ...(recorded.test(event) ? { said: payload } : {}),
  };
}

function byHand(payload: unknown) {
  try {
    return decodeCall(JSON.stringify(payload));
  } catch {
    return undefined;
  }
}

const fixtures = join(import.meta.dirname, '../fixtures');
const payloads = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json') && name !== 'INDEX.json')
  .map((name) => ({ name, payload: JSON.parse(readFileSync(join(fixtures, name), 'utf8')) }));

describe('what is decoded by hand is what the schema says', () => {
  test.each(payloads)('of $name', ({ payload }) => {
    expect(byHand(payload)).toBeDefined();
    expect(byHand(payload)).toEqual(bySchema(payload));
  });

  test('of any payload', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.constant(''),
      fc.integer(),
      fc.constant(null),
      fc.constant([]),
      fc.constant({}),
      fc.boolean(),
    );
    const or = <T>(usual: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd });
    const payload = fc.record(
      {
        hook_event_name: or(fc.constantFrom('PreToolUse', 'UserPromptSubmit', 'SessionStart')),
        tool_name: or(
          fc.constantFrom(
            'Bash',
            'Write',
            'Edit',
            'NotebookEdit',
            'PowerShell',
            'Read',
            'mcp__a__b',
            'toString',
            '__proto__',
          ),
        ),
        tool_input: or(fc.dictionary(fc.constantFrom('command', 'file_path', 'notebook_path', 'x'), odd)),
        cwd: or(fc.constantFrom('/a', 'C:\\a', '\\\\host\\a', 'a', '.')),
        permission_mode: or(fc.constantFrom('auto', 'default')),
        session_id: or(fc.string()),
        agent_id: odd,
        tool_use_id: odd,
        more: odd,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof({ weight: 20, arbitrary: payload }, { weight: 1, arbitrary: odd }), (value) => {
        const sent: unknown = JSON.parse(JSON.stringify(value));
        expect(byHand(sent)).toEqual(bySchema(sent));
      }),
      { numRuns: 3000 },
    );
  });
});
