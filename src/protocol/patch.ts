/** What a patch in the format of `apply_patch` does to one file. */
export type PatchedFile =
  | { readonly act: 'add'; readonly path: string; readonly content: string }
  | { readonly act: 'delete'; readonly path: string }
  | { readonly act: 'update'; readonly path: string; readonly to?: string; readonly hunks: readonly Hunk[] };

/** Lines as they were and as they become. */
export type Hunk = { readonly before: string; readonly after: string };

const largest = 200;

/** The files of a patch (`*** Begin Patch`, as Codex, Copilot and OpenCode write it). Throws an Error. */
export function readPatch(text: string): readonly PatchedFile[] {
  const files: PatchedFile[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const [, act = '', path = ''] = /^\*\*\* (Add|Update|Delete) File: (.+?)\s*$/.exec(lines[i] ?? '') ?? [];
    if (act === '') continue;
    if (files.length >= largest) throw new Error(`the patch changes more than ${largest} files`);
    const body: string[] = [];
    while (i + 1 < lines.length && !/^\*\*\* (?:Add|Update|Delete|End) /.test(lines[i + 1] ?? ''))
      body.push(lines[++i] ?? '');
    files.push(fileOf(act, path, body));
  }
  if (files.length === 0) throw new Error('the patch names no file');
  return files;
}

function fileOf(act: string, path: string, body: readonly string[]): PatchedFile {
  if (act === 'Delete') return { act: 'delete', path };
  if (act === 'Add') {
    const added = body.filter((line) => line.startsWith('+')).map((line) => `${line.slice(1)}\n`);
    return { act: 'add', path, content: added.join('') };
  }
  const [, to] = /^\*\*\* Move to: (.+?)\s*$/.exec(body[0] ?? '') ?? [];
  return { act: 'update', path, ...(to === undefined ? {} : { to }), hunks: hunksOf(body) };
}

function hunksOf(body: readonly string[]): readonly Hunk[] {
  const hunks: { before: string[]; after: string[] }[] = [];
  for (const line of body) {
    if (line.startsWith('***')) continue;
    if (line.startsWith('@@') || hunks.length === 0) hunks.push({ before: [], after: [] });
    if (line.startsWith('@@')) continue;
    const at = hunks.at(-1);
    if (!line.startsWith('+')) at?.before.push(line.slice(1));
    if (!line.startsWith('-')) at?.after.push(line.slice(1));
  }
  return hunks
    .filter(({ before, after }) => before.length + after.length > 0)
    .map(({ before, after }) => ({ before: before.join('\n'), after: after.join('\n') }));
}
