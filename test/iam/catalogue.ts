import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Action, type Catalogue, readCatalogue } from '../../src/iam/catalogue.ts';

const root = resolve(import.meta.dirname, '../..');

/** What the build made of the data set and the packs. */
export const catalogue: Catalogue = readCatalogue(
  readFileSync(join(root, 'dist/iam-catalogue.json'), 'utf8'),
);

export const allActions: readonly Action[] = [...catalogue.services.values()].flatMap(({ actions }) => [
  ...actions.values(),
]);
