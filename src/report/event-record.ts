import type { Call } from '../model/call.ts';
import type { EventRecord } from '../model/record.ts';
import { clip } from './clip.ts';
import { sessionLine, type When } from './record.ts';
import { redact } from './redact.ts';

const longest = 500;
const mostFiles = 200;

/** The line of the audit log for an event about which nothing is decided. */
export function eventRecordOf(call: Call, project: string, when: Omit<When, 'took'>): EventRecord {
  const { event, said = {} } = call;
  const tool = textAt(said, 'tool_name');
  const outcome = outcomeOf(event, said);
  const why = ['error', 'reason', 'source']
    .map((key) => textAt(said, key))
    .find((text) => text !== undefined);
  const files = event === 'PostToolUse' || event === 'ConfigChange' ? filesOf(said) : [];
  const duration = said.duration_ms;
  return {
    level: outcome === 'failed' || outcome === 'refused' ? 40 : 30,
    ...sessionLine(call, project, when),
    ...(tool === undefined ? {} : { tool }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(why === undefined ? {} : { why: clip(redact(clip(why, longest)), longest) }),
    ...(typeof duration === 'number' ? { duration } : {}),
    ...(files.length === 0 ? {} : { files }),
    msg: [outcome ?? event, tool].filter(Boolean).join(' '),
  };
}

type Said = Readonly<Record<string, unknown>>;

const textAt = (said: Said, key: string): string | undefined =>
  typeof said[key] === 'string' && said[key] !== '' ? said[key] : undefined;

function outcomeOf(event: string, said: Said): EventRecord['outcome'] | undefined {
  if (event === 'PostToolUse') return 'done';
  if (event === 'PostToolUseFailure') return said.is_interrupt === true ? 'interrupted' : 'failed';
  return event === 'PermissionDenied' ? 'refused' : undefined;
}

const isObject = (value: unknown): value is Said => typeof value === 'object' && value !== null;

/** What a tool for files was given, what the host saw a shell command change, and the settings file that changed. */
function filesOf(said: Said): readonly string[] {
  const { tool_name: tool, tool_input: input, tool_response: response } = said;
  const written = /^(?:Write|Edit|NotebookEdit)$/.test(String(tool)) && isObject(input) ? input : {};
  const diff =
    isObject(response) && isObject(response.bashEditDiff) ? response.bashEditDiff.changedFiles : [];
  const changed = Array.isArray(diff) ? diff.map(pathOf) : [];
  return [
    textAt(said, 'file_path'),
    textAt(written, 'file_path'),
    textAt(written, 'notebook_path'),
    ...changed,
  ]
    .filter((path) => path !== undefined)
    .slice(0, mostFiles)
    .map((path) => redact(clip(path, longest)));
}

function pathOf(changed: unknown): string | undefined {
  if (typeof changed === 'string') return changed;
  if (!isObject(changed)) return undefined;
  return ['filePath', 'file_path', 'path'].map((key) => textAt(changed, key)).find((path) => path);
}
