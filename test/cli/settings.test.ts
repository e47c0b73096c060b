import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isComplete, register, unregister } from '../../src/cli/settings/edit.ts';
import { type HookEntry, hookEntry } from '../../src/cli/settings/entry.ts';
import { faultsOf } from '../../src/cli/settings/faults.ts';
import { parseSettings } from '../../src/cli/settings/read.ts';
import { textBefore, trailOf } from '../../src/cli/settings/trail.ts';
import { installationIn } from '../../src/host/installation.ts';

const FILE = '/p/.claude/settings.json';
const entry = hookEntry(installationIn('/x', '/n/node'), 'linux');
const old: HookEntry = {
  ...entry,
  command: '/old/hooks/blastguard-hook',
  args: ['/old/node', '/old/dist/hook.cjs'],
};

const wanted = { entry, statusLine: undefined };

const registered = (text: string) => isComplete(parseSettings(FILE, text), wanted);

const other = { type: 'command', command: 'lint' };
const settings: readonly (readonly [string, string])[] = [
  ['nothing', '{}'],
  ['nothing, over two lines', '{\n}\n'],
  ['other keys', '{\n  "model": "x",\n  "permissions": { "allow": ["Bash(ls *)"] }\n}\n'],
  ['four blanks of indentation', '{\n    "model": "x"\n}\n'],
  ['tabs', '{\n\t"model": "x"\n}\n'],
  ['Windows line ends', '{\r\n  "model": "x"\r\n}\r\n'],
  ['a byte order mark', '\ufeff{"model":"x"}'],
  ['no line ends', '{"model":"x","hooks":{"Stop":[{"hooks":[{"type":"command","command":"x"}]}]}}'],
  ['odd blanks', '{ "a" :1 ,\n\n "hooks" : { "PreToolUse":[ ] } }'],
  ['empty hooks', '{\n  "hooks": {},\n  "z": 1\n}'],
  [
    'a hook of another program',
    JSON.stringify({ hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [other] }] }, z: [] }, null, 2),
  ],
  ['keys that look like ours in other places', '{"env":{"hooks":"PreToolUse"},"statusMessage":"blastguard"}'],
];

describe('register', () => {
  test.each(settings)('into a file with %s: exactly once, all else as it was', (_, text) => {
    const after = register(FILE, text, wanted);
    expect(registered(after)).toBe(true);
    expect(register(FILE, after, wanted)).toBe(after);
    const trail = trailOf(text, after, { madeFile: false, madeDirectory: false });
    expect(textBefore(trail, after)).toBe(text);
    expect(parseSettings(FILE, unregister(FILE, after))).toEqual(
      withoutEmptyHooks(parseSettings(FILE, text)),
    );
  });

  test('keeps the bytes around the change', () => {
    const text = '{\n  "a":   [1,2],\n\n  "hooks": {\n    "Stop": []\n  },\n  "z": "\\u00e9"\n}\n';
    const after = register(FILE, text, wanted);
    expect(after.startsWith('{\n  "a":   [1,2],\n\n  "hooks": {\n    "Stop": []')).toBe(true);
    expect(after.endsWith('\n  },\n  "z": "\\u00e9"\n}\n')).toBe(true);
  });

  test('uses the indentation of the file', () => {
    expect(register(FILE, '{\n\t"model": "x"\n}\n', wanted)).toContain(
      '\n\t"hooks": {\n\t\t"PreToolUse": [\n\t\t\t{',
    );
    expect(register(FILE, '{\n    "model": "x"\n}\n', wanted)).toContain(
      '\n    "hooks": {\n        "PreToolUse": [',
    );
  });

  const group = (...hooks: object[]) => ({ matcher: '*', hooks });
  test.each<[string, object]>([
    ['an entry of a moved installation', { PreToolUse: [group(old)], UserPromptSubmit: [{ hooks: [old] }] }],
    ['a moved entry between others', { PreToolUse: [group(other, old, other)] }],
    ['the entry twice', { PreToolUse: [group(entry), group(entry)] }],
    ['the entry for Bash alone', { PreToolUse: [{ matcher: 'Bash', hooks: [entry] }] }],
    [
      'the entry for Bash alone, beside another',
      { PreToolUse: [{ matcher: 'Bash', hooks: [other, entry] }] },
    ],
    ['an entry without onFailure', { PreToolUse: [group({ ...entry, onFailure: 'continue' })] }],
    [
      'an entry of Windows',
      { PreToolUse: [group({ ...entry, command: 'C:\\node.exe', args: ['C:\\b\\dist\\hook.cjs'] })] },
    ],
  ])('puts right %s', (_, hooks) => {
    const after = register(FILE, JSON.stringify({ hooks }, null, 2), wanted);
    expect(registered(after)).toBe(true);
    const others = (text: string) => text.split('"lint"').length;
    expect(others(after)).toBe(others(JSON.stringify(hooks)));
  });

  test('updates a moved entry in its place', () => {
    const text = JSON.stringify(
      { hooks: { PreToolUse: [group(other, old)], UserPromptSubmit: [{ hooks: [old] }] } },
      null,
      2,
    );
    const places = (key: string) =>
      text
        .replaceAll('/old/hooks', '/x/hooks')
        .replaceAll('/old/node', '/n/node')
        .replaceAll('/old/dist', '/x/dist')
        .indexOf(key);
    expect(register(FILE, text, wanted).indexOf('/x/hooks/blastguard-hook')).toBe(
      places('/x/hooks/blastguard-hook'),
    );
  });

  test('refuses a file with a key twice rather than edit the wrong one', () => {
    expect(() => register(FILE, '{"hooks":{},"hooks":{"Stop":[]}}', wanted)).toThrow(
      `${FILE}:1:1: cannot be edited`,
    );
  });

  test('any settings keep their meaning, and come back byte for byte', () => {
    const key = fc.constantFrom('hooks', 'PreToolUse', 'model', 'env', 'a b', '');
    const json = fc.jsonValue({ maxDepth: 3 });
    const groups = fc.array(fc.constant({ matcher: 'Bash', hooks: [other] }), { maxLength: 2 });
    const hooks = fc.dictionary(fc.constantFrom('PreToolUse', 'UserPromptSubmit', 'Stop'), groups);
    const file = fc.record({ hooks: fc.option(hooks, { nil: undefined }), rest: fc.dictionary(key, json) });
    const indent = fc.constantFrom<string | number>(0, 1, 2, 4, '\t');
    fc.assert(
      fc.property(file, indent, ({ hooks: given, rest }, space) => {
        const { hooks: _, ...others } = rest;
        const text = JSON.stringify({ ...others, ...(given && { hooks: given }) }, null, space);
        const after = register(FILE, text, wanted);
        expect(registered(after)).toBe(true);
        expect(textBefore(trailOf(text, after, { madeFile: false, madeDirectory: false }), after)).toBe(text);
      }),
    );
  });
});

const withoutEmptyHooks = (value: object) => {
  const { hooks, ...rest } = value as { hooks?: Record<string, unknown[]> };
  const kept = Object.entries(hooks ?? {}).filter(([event, groups]) => event === 'Stop' || groups.length > 0);
  return kept.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(kept) };
};

describe('what Claude Code would drop', () => {
  test.each<[unknown, string | undefined]>([
    [{}, undefined],
    [{ hooks: {} }, undefined],
    [{ hooks: { Made: [{ hooks: [other] }] } }, undefined],
    [{ hooks: { PreToolUse: [{ hooks: [entry] }] } }, undefined],
    [
      { hooks: { PreToolUse: [{ hooks: [{ ...other, timeout: 0.5, onFailure: 'continue', unknown: 1 }] }] } },
      undefined,
    ],
    [{ hooks: [] }, 'hooks: not an object'],
    [{ hooks: { PreToolUse: {} } }, 'hooks.PreToolUse: not an array'],
    [{ hooks: { Stop: [1] } }, 'hooks.Stop[0]: not an object'],
    [{ hooks: { Stop: [{}] } }, 'hooks.Stop[0].hooks: not an array'],
    [
      { hooks: { Stop: [{ hooks: [{ ...other, timeout: '5' }] }] } },
      'hooks.Stop[0].hooks[0].timeout: not a number above 0',
    ],
    [
      { hooks: { Stop: [{ hooks: [{ ...other, timeout: 0 }] }] } },
      'hooks.Stop[0].hooks[0].timeout: not a number above 0',
    ],
    [
      { hooks: { Stop: [{ hooks: [{ ...other, onFailure: 'deny' }] }] } },
      'hooks.Stop[0].hooks[0].onFailure: neither block nor continue',
    ],
    [
      { hooks: { Stop: [{ hooks: [{ ...other, args: 'x' }] }] } },
      'hooks.Stop[0].hooks[0].args: not a list of texts',
    ],
    [
      { hooks: { Stop: [{ hooks: [{ type: 'shell', command: 'x' }] }] } },
      'hooks.Stop[0].hooks[0].type: none of command, http, mcp_tool, prompt, agent',
    ],
    [{ hooks: { Stop: [{ hooks: [{ type: 'command' }] }] } }, 'hooks.Stop[0].hooks[0].command: not a text'],
  ])('%j: %s', (value, fault) => {
    expect(faultsOf(value as Record<string, unknown>)).toEqual(fault === undefined ? [] : [fault]);
  });

  test.each([
    ['{"a":1,}', ':1:8: property name expected'],
    ['{\n  // note\n}', ':2:3: invalid comment token'],
    ['{\n  "a": tru\n}', ':2:8: invalid symbol'],
    ['', ':1:1: value expected'],
    ['[]', ':1:1: the settings are not a JSON object'],
    ['{} {}', ':1:4: end of file expected'],
  ])('%j is refused with its place', (text, message) => {
    expect(() => parseSettings(FILE, text)).toThrow(`${FILE}${message}`);
  });
});
