import * as languages from '../../src/shell/languages/read-code.ts';
import type { Readers } from '../../src/shell/readers.ts';
import * as formats from '../../src/shell/tasks/formats.ts';

/** The readers that the hook loads from bundles of their own. */
export const readers: Readers = { languages: () => languages, formats: () => formats };
