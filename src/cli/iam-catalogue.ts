import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../host/installation.ts';
import { type Catalogue, readCatalogue } from '../iam/catalogue.ts';

/** The IAM actions that the build wrote beside the program. */
export const iamCatalogue = (): Catalogue =>
  readCatalogue(readFileSync(join(packageRoot(), 'dist', 'iam-catalogue.json'), 'utf8'));
