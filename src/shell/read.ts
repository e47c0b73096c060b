import type { Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { interpret } from './interpreter.ts';

/** Everything that a text would run. `checkTime` may throw to end the reading; nothing else is thrown. */
export function readCommands(
  text: string,
  language: 'shell' | 'powershell',
  facts: Facts,
  checkTime: () => void,
): Reading {
  const reading = interpret(text, facts, checkTime);
  // The grammar is bash's. Of PowerShell it reads plain commands, and what it cannot read says nothing about the line.
  return language === 'powershell' ? { ...reading, doubts: [] } : reading;
}
