import { readFileSync } from 'node:fs';
import { partOf } from '../host/installation.ts';
import { type Catalogue, readCatalogue } from '../iam/catalogue.ts';

/** The IAM actions that the build wrote beside the program. */
export const iamCatalogue = (): Catalogue =>
  readCatalogue(readFileSync(partOf('iam-catalogue.json'), 'utf8'));
