import type { Terminal } from './terminal.ts';

const WIDTH = 24;

/** A bar on standard error, where a person sits before it; nothing elsewhere. Drawn ten times a second at most. */
export function progress(
  what: string,
  terminal: Terminal,
): { at(done: number, all: number): void; end(): void } {
  if (process.stderr.isTTY !== true) return { at: () => {}, end: () => {} };
  let drawn = 0;
  return {
    at(done, all) {
      const now = Date.now();
      if (now - drawn < 100) return;
      drawn = now;
      const share = all === 0 ? 1 : Math.min(1, done / all);
      const full = Math.round(share * WIDTH);
      terminal.err(
        `\r${what} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(Math.round(share * 100)).padStart(3)} %`,
      );
    },
    end: () => terminal.err('\r\u001b[K'),
  };
}
