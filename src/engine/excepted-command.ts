import type { Command } from '../model/command.ts';
import type { Exception } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import { programNames } from '../model/program.ts';
import type { Tool } from '../model/rule.ts';
import { showWord } from '../model/word.ts';
import { styledFlag } from '../policy/flag-style.ts';
import { type Fit, matchPattern, readArguments } from '../policy/match.ts';
import type { PolicyLayer } from '../policy/store.ts';

const noFit: Fit = { certainty: 'no', operands: [] };

/** How a command fits the line of an exception, and which of its words the line leaves unnamed (`**` names them all). */
export function fitCommand(
  { programs, patterns, text }: NonNullable<Exception['command']>,
  command: Command | undefined,
  layers: readonly PolicyLayer[],
  facts: Facts,
): Fit {
  const [name, ...others] = command?.words[0] === undefined ? [] : (programNames(command.words[0]) ?? []);
  if (command === undefined || name === undefined || others.length > 0 || !programs.includes(name))
    return noFit;
  // A glob that stands for `build/x` also stands for `build/../..`.
  const climbs = (path: string) => /(?:^|[/=])\.\.(?:\/|$)/.test(path);
  if (command.words.some((word) => climbs(showWord(word))) && !climbs(text)) return noFit;
  const tool =
    layers.map(({ store }) => store.tool(name)).find((found) => found !== undefined) ?? plainTool(name);
  const args = readArguments(tool, command, facts);
  for (const pattern of patterns) {
    const flags = pattern.flags.flatMap((flag) => styledFlag(tool, flag));
    const fit = matchPattern({ ...pattern, flags }, tool, args);
    if (fit.certainty === 'yes') return pattern.words.at(-1) === '**' ? { ...fit, operands: [] } : fit;
  }
  return noFit;
}

const plainTool = (name: string): Tool => ({
  name,
  style: 'gnu',
  values: [],
  switches: [],
  commandOptions: [],
  abbreviates: false,
  argumentVariables: [],
  reads: [],
  rules: [],
});
