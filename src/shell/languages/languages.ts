/** Loads the readers of code in other languages: a bundle of their own, for their grammars cost time to load. */
export type Languages = () => Pick<typeof import('./read-code.ts'), 'readCode'>;
