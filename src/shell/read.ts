import type { Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { interpret, interpretPowerShell } from './interpreter.ts';
import type { Readers } from './readers.ts';

/**
 * Everything that a text would run. `checkTime` may throw to end the reading; nothing else is thrown. `readers` loads
 * the readers of code in other languages and of files in other formats.
 */
export function readCommands(
  text: string,
  language: 'shell' | 'powershell',
  facts: Facts,
  checkTime: () => void,
  readers: Readers,
): Reading {
  return language === 'powershell'
    ? interpretPowerShell(text, facts, checkTime, readers)
    : interpret(text, facts, checkTime, readers);
}
