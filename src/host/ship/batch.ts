/** Lines of one log file that are sent together. */
export type Batch = {
  /** The file's name, and the host that wrote it. */
  readonly file: string;
  readonly host: string;
  /** Sealed lines as they stand in the log. */
  readonly lines: readonly string[];
  /** Where the batch begins and ends in the file, in bytes. */
  readonly from: number;
  readonly end: number;
  /** The last number and seal of the batch: whoever keeps them notices a file that is written anew. */
  readonly head?: { readonly count: number; readonly seal: string };
};

/** Takes batches. `send` resolves when the receiver has the batch, and throws a ShipError or any other failure. */
export type Receiver = {
  /** How many lines, and bytes, a batch holds at most. */
  readonly lines: number;
  readonly bytes: number;
  send(batch: Batch): Promise<void>;
  close(): Promise<void>;
};

/** Why a batch was not taken. One that is not worth another try stops the shipping. */
export class ShipError extends Error {
  readonly retry: boolean;
  /** The receiver's own word on when to try again, in ms. */
  readonly after: number | undefined;

  constructor(message: string, retry: boolean, after?: number) {
    super(message);
    this.retry = retry;
    this.after = after;
  }
}

/** The batch's lines and, as one more, its head. */
export function withHead({ lines, head, file, host }: Batch): readonly string[] {
  if (head === undefined) return lines;
  return [...lines, JSON.stringify({ event: 'LogHead', host, file, ...head })];
}
