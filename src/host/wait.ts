const cell = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps without using the processor: for descriptors that answer EAGAIN, where nothing may be asynchronous. */
export const wait = (ms: number): void => {
  Atomics.wait(cell, 0, 0, ms);
};

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
