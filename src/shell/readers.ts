/** Readers that are loaded when a line needs them; each is a bundle of its own, for it costs time to load. */
export type Readers = {
  /** Of code in other languages. */
  readonly languages: () => Pick<typeof import('./languages/read-code.ts'), 'readCode'>;
  /** Of files in YAML, TOML and JSON with comments. */
  readonly formats: () => typeof import('./tasks/formats.ts');
};
