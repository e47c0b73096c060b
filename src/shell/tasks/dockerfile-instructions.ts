const goesOn = (line: string): boolean => line.trimEnd().endsWith('\\');

export type Instruction = {
  readonly name: string;
  readonly value: string;
  /** Where it starts, from 1. */
  readonly line: number;
};

/** The instructions of a Dockerfile: lines joined, comments left out, here-documents with their lines. */
export function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const [, name = '', start = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(lines[i] ?? '') ?? [];
    if (name === '') continue;
    const line = i + 1;
    const parts = [start];
    while (goesOn(parts.at(-1) ?? '') && i + 1 < lines.length) {
      i++;
      const next = lines[i] ?? '';
      if (!/^\s*(?:#|$)/.test(next)) parts.push(next);
    }
    let value = parts.map((part) => (goesOn(part) ? part.trimEnd().slice(0, -1) : part)).join(' ');
    const [, mark] = /<<-?\s*["']?(\w+)["']?/.exec(value) ?? [];
    if (mark !== undefined) {
      const end = lines.findIndex((each, at) => at > i && each.trim() === mark);
      const body = lines.slice(i + 1, end < 0 ? undefined : end);
      i = end < 0 ? lines.length : end;
      // Alone it is a script; after a command it is the input of that.
      value = /^(?:--\S+\s+)*<<-?\s*["']?\w+["']?\s*$/.test(value)
        ? body.join('\n')
        : [value, ...body, mark].join('\n');
    }
    found.push({ name: name.toUpperCase(), value, line });
  }
  return found;
}
