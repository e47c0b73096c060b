import { type Row, type Table, tableOf } from '../effect.ts';
import type { Language } from '../host.ts';
import { cloudRows } from './cloud.ts';
import { javascriptCode, otherCode, perlCode, phpCode, pythonCode, rubyCode } from './code.ts';
import { dataRows } from './data.ts';
import {
  goFiles,
  javascriptFiles,
  otherFiles,
  perlFiles,
  phpFiles,
  pythonFiles,
  rubyFiles,
} from './files.ts';
import {
  goSpawns,
  javascriptSpawns,
  otherSpawns,
  perlSpawns,
  phpSpawns,
  pythonSpawns,
  rubySpawns,
} from './spawns.ts';
import { textRows } from './texts.ts';

// What is named later takes the place of what was named before.
const rows: Readonly<Record<Language, readonly (readonly Row[])[]>> = {
  python: [textRows, cloudRows, dataRows, pythonFiles, pythonSpawns, pythonCode],
  javascript: [textRows, cloudRows, dataRows, javascriptFiles, javascriptSpawns, javascriptCode],
  ruby: [textRows, cloudRows, dataRows, rubyFiles, rubySpawns, rubyCode],
  perl: [textRows, dataRows, perlFiles, perlSpawns, perlCode],
  php: [textRows, cloudRows, dataRows, phpFiles, phpSpawns, phpCode],
  lua: [textRows, otherFiles, otherSpawns, otherCode],
  r: [textRows, dataRows, otherFiles, otherSpawns, otherCode],
  julia: [textRows, otherFiles, otherSpawns, otherCode],
  elixir: [textRows, otherFiles, otherSpawns, otherCode],
  groovy: [textRows, otherFiles, otherSpawns, otherCode],
  go: [goFiles, goSpawns],
  awk: [textRows, otherSpawns],
};

const tables = new Map<Language, Table>();

/** What the names of a language do. */
export function namesOf(language: Language): Table {
  const table = tables.get(language) ?? tableOf(...rows[language]);
  tables.set(language, table);
  return table;
}
