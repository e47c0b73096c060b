import type { Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { interpret, interpretPowerShell } from './interpreter.ts';
import type { Languages } from './languages/languages.ts';

/**
 * Everything that a text would run. `checkTime` may throw to end the reading; nothing else is thrown. `languages` loads
 * the readers of code in other languages.
 */
export function readCommands(
  text: string,
  language: 'shell' | 'powershell',
  facts: Facts,
  checkTime: () => void,
  languages: Languages,
): Reading {
  return language === 'powershell'
    ? interpretPowerShell(text, facts, checkTime, languages)
    : interpret(text, facts, checkTime, languages);
}
