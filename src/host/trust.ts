import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { asText, readContent, trustFile } from './config-files.ts';
import type { Environment } from './places.ts';
import { writeWhole } from './write-whole.ts';

/** What a person trusted: the project's configuration file, and the texts of it and of the packs that it names. */
export type Pin = { readonly file: string; readonly texts: Readonly<Record<string, string>> };

/** The pin of a project's file, or undefined when nobody trusted it. */
export function readPin(env: Environment, file: string): Pin | undefined {
  const found = asText(readContent(trustFile(env, file)));
  return 'text' in found ? parsePin(found.text, file) : undefined;
}

/** Reads the text of a pin; undefined when it is none, or of another file. */
export function parsePin(text: string, file: string): Pin | undefined {
  try {
    const pin: Partial<Pin> | null = JSON.parse(text);
    const texts = pin?.texts;
    if (pin?.file !== file || typeof texts !== 'object' || texts === null) return undefined;
    return { file, texts };
  } catch {
    return undefined;
  }
}

export function writePin(env: Environment, pin: Pin): void {
  const file = trustFile(env, pin.file);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeWhole(file, JSON.stringify(pin));
}

export const removePin = (env: Environment, file: string): void =>
  rmSync(trustFile(env, file), { force: true });

export const isPinned = (pin: Pin, texts: ReadonlyMap<string, string>): boolean =>
  Object.keys(pin.texts).length === texts.size &&
  [...texts].every(([file, text]) => Object.hasOwn(pin.texts, file) && pin.texts[file] === text);
