import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readContent } from './config-files.ts';
import { writeWhole } from './write-whole.ts';

/** Where the stage that a person set is kept. */
const stageFile = (stateDir: string): string => join(stateDir, 'rollout.json');

/** Its text; undefined when none was set. What cannot be read is text that is no stage. */
export function readSetStage(stateDir: string): string | undefined {
  const { state, bytes } = readContent(stageFile(stateDir));
  return state === 'missing' ? undefined : bytes.toString();
}

export function writeSetStage(stateDir: string, text: string): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeWhole(stageFile(stateDir), text);
}
