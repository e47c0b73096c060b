import type { Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { interpret, interpretPowerShell } from './interpreter.ts';

/** Everything that a text would run. `checkTime` may throw to end the reading; nothing else is thrown. */
export function readCommands(
  text: string,
  language: 'shell' | 'powershell',
  facts: Facts,
  checkTime: () => void,
): Reading {
  return language === 'powershell'
    ? interpretPowerShell(text, facts, checkTime)
    : interpret(text, facts, checkTime);
}
