import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sealIn } from '../host/chain.ts';
import { type Batch, type Receiver, ShipError } from '../host/ship/batch.ts';
import { type Cursor, keepCursor, readCursor } from '../host/ship/cursor.ts';
import { faultText } from './fault.ts';
import { dayFiles, linesOf } from './log-file.ts';

export type Shipping = {
  readonly stateDir: string;
  /** The place without what is secret in it. */
  readonly target: string;
  readonly receiver: Receiver;
  /** How often a batch is tried before giving up; without end while following. */
  readonly tries: number;
  told(event: { readonly sent: number } | { readonly failed: string; readonly again: number }): void;
};

/** Sends what was not sent yet, batch by batch, and keeps how far it came after each. Returns the number of lines. */
export async function shipNew(shipping: Shipping): Promise<number> {
  const { stateDir, target } = shipping;
  let sent = 0;
  for (const file of dayFiles(stateDir)) {
    let cursor = readCursor(stateDir, target);
    const name = basename(file);
    if (name < cursor.file) continue;
    if (name > cursor.file) cursor = { file: name, offset: 0 };
    // A file that is shorter than what was sent was written anew: all of it is news.
    if (statSync(file).size < cursor.offset) cursor = { file: name, offset: 0 };
    for (const batch of batchesOf(file, cursor, shipping.receiver)) {
      await sendWithPatience(batch, shipping);
      keepCursor(stateDir, target, { file: name, offset: batch.end });
      sent += batch.lines.length;
      shipping.told({ sent: batch.lines.length });
    }
  }
  return sent;
}

/** Whole lines from the cursor on, in batches that the receiver takes. */
function* batchesOf(file: string, { offset }: Cursor, { lines: most, bytes }: Receiver): Generator<Batch> {
  let lines: string[] = [];
  let size = 0;
  let from = offset;
  let end = offset;
  const batch = (): Batch => {
    const last = lines.map(sealIn).findLast((found) => found !== undefined);
    return {
      file: basename(file),
      host: hostname(),
      lines,
      from,
      end,
      ...(last === undefined ? {} : { head: { count: last.count, seal: last.seal } }),
    };
  };
  for (const line of linesOf(file, offset)) {
    if (!line.whole) break;
    if (lines.length > 0 && (lines.length >= most || size + line.text.length > bytes)) {
      yield batch();
      [lines, size, from] = [[], 0, end];
    }
    end = line.end;
    if (line.text.trim() === '') continue;
    lines.push(line.text);
    size += line.text.length;
  }
  if (lines.length > 0) yield batch();
}

const LONGEST_PAUSE = 60_000;

async function sendWithPatience(batch: Batch, { receiver, tries, told }: Shipping): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await receiver.send(batch);
      return;
    } catch (error) {
      const retry = !(error instanceof ShipError) || error.retry;
      if (!retry || attempt >= tries) throw error;
      const after = error instanceof ShipError ? error.after : undefined;
      const again = after ?? Math.min(LONGEST_PAUSE, 250 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
      told({ failed: faultText(error), again });
      await sleep(again);
    }
  }
}
