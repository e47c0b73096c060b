/** How `init --agent` puts the hook into a host's own configuration. Pure data: the command line does the writing. */
export type Registration = {
  /** The agent's name, as its users write it. */
  readonly title: string;
  /** Below the project's root. */
  readonly projectFile: readonly string[];
  /** Below the home directory, or below the directory that `homeVariable` names. */
  readonly userFile: readonly string[];
  readonly homeVariable?: { readonly name: string; readonly file: readonly string[] };
  readonly shape: EntryShape;
  /** What the host sends before it runs a shell command in a directory; for the proof that the hook answers. */
  readonly sample: (command: string, directory: string) => object;
  /** What a person has to do before it counts, beside starting the agent again. */
  readonly note?: string;
};

/** The command that runs the hook, as a line of the host's shell. */
export type HookLine = string;

export type EntryShape =
  /** `hooks.EVENT[].hooks[]`, as Claude Code has it. */
  | { readonly kind: 'groups'; readonly events: Events; readonly entry: (line: HookLine) => object }
  /** `hooks.EVENT[]`. */
  | {
      readonly kind: 'list';
      readonly events: readonly string[];
      readonly version?: 1;
      readonly entry: (line: HookLine) => object;
    }
  /** A program that the host loads; a file of blastguard's alone. */
  | { readonly kind: 'plugin' };

/** Events, and the matcher under which they come for every tool; null where an event knows none. */
export type Events = Readonly<Record<string, string | null>>;
