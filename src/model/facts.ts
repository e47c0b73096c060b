/** What a decision may ask about the world. Each answer is looked up when it is asked for. All paths are absolute. */
export type Facts = {
  readonly cwd: string;
  readonly projectDir: string;
  readonly home: string | undefined;
  /** Directories for temporary files, resolved (`/tmp`, `/var/tmp`, `$TMPDIR`). */
  readonly temporaryDirs: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether file names that differ in case alone are one file, as on macOS and Windows. */
  readonly ignoresCase: boolean;
  /** blastguard's own files, by what they are. */
  readonly guard: GuardPaths;
  /** The path with symbolic links resolved as far as it exists. */
  realPath(path: string): string;
  /** The file's text, or undefined when it is missing, not a regular file, larger than `limit` bytes or not UTF-8. */
  readText(path: string, limit: number): string | undefined;
  isDirectory(path: string): boolean;
  /** The names in a directory, at most some thousands; empty when it cannot be read. */
  list(path: string): readonly string[];
  /** What `blastguard terraform plan` said of a plan file as it is now; undefined when it did not look at this content. */
  inspectedPlan?(path: string): InspectedPlan | undefined;
};

export type InspectedPlan = {
  /** Milliseconds since it was inspected. */
  readonly age: number;
  readonly verdict: 'safe' | 'destructive' | 'incomplete';
};

export type GuardPaths = {
  /** Settings files that may carry the hook's entry. */
  readonly settings: readonly string[];
  /** The installed program: bundle, policy, launcher. */
  readonly program: readonly string[];
  /** State directory (log, caches) and configuration. */
  readonly state: readonly string[];
  /** Base name of the kill switch's file, wherever it lies. */
  readonly switchName: string;
};
