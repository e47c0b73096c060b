/** What the host wants to do: one event of a session, in most cases a tool call. Paths are absolute. */
export type Call = {
  readonly event: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the session's shell stands; it follows `cd`. */
  readonly cwd: string;
  /** `unknown` when the host did not say: then nobody is assumed to be there to answer. */
  readonly permissionMode: string;
  readonly sessionId: string;
  readonly agentId?: string;
  readonly toolUseId?: string;
  /** The user's prompt that it belongs to. */
  readonly promptId?: string;
  /** All that the host said, of an event that is only recorded. */
  readonly said?: Readonly<Record<string, unknown>>;
};
