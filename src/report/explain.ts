import type { Colors } from 'picocolors/types';
import { fileCommands, toolCommand } from '../engine/call-commands.ts';
import type { Examination } from '../engine/decide.ts';
import { callEffects } from '../engine/file-effects.ts';
import type { Call } from '../model/call.ts';
import type { Command } from '../model/command.ts';
import type { Landing } from '../model/environment.ts';
import { showWord } from '../model/word.ts';
import { clip } from './clip.ts';

/** A decision for people: what was read, what each rule said, which one decided. */
export function explain(call: Call, { decision, texts }: Examination, colours: Colors): string {
  const lines: string[] = [];
  for (const { text, reading } of texts) {
    lines.push(colours.bold('commands found'));
    for (const command of reading.commands) lines.push(...describe(command, text.text, colours));
    for (const doubt of reading.doubts) lines.push(`  ${colours.yellow('?')} ${doubt.why}`);
  }
  lines.push(...describeTool(call, texts.length === 0, colours));
  lines.push('', colours.bold('rules'));
  if (decision.findings.length === 0 && decision.excused === undefined)
    lines.push(colours.dim('  no rule speaks of this'));
  for (const [i, finding] of decision.findings.entries()) {
    const mark = finding.verdict === 'deny' ? colours.red('deny') : colours.yellow('ask ');
    const certainty = finding.certainty === 'maybe' ? colours.dim(' (perhaps)') : '';
    lines.push(
      `  ${mark} ${colours.bold(finding.rule)}${certainty} ${colours.dim(finding.severity)}${i === 0 ? colours.cyan(' ← decided') : ''}`,
    );
    lines.push(`       ${finding.title}: ${clip(finding.subject, 200)}`);
    lines.push(`       ${colours.dim('why')}     ${finding.reason}`);
    lines.push(`       ${colours.dim('instead')} ${finding.instead}`);
    if (finding.landing) lines.push(`       ${colours.dim('lands')}   ${describeLanding(finding.landing)}`);
    if (finding.lapsed) lines.push(`       ${colours.red(`an exception for it ended: ${finding.lapsed}`)}`);
  }
  for (const { rule, subject, by, level, reason, until } of decision.excused ?? []) {
    lines.push(
      `  ${colours.green('pass')} ${colours.bold(rule)} ${colours.dim(`excused by ${by}, ${level}`)}`,
    );
    lines.push(`       ${clip(subject, 200)}: ${reason}${until === undefined ? '' : `, until ${until}`}`);
  }
  const verdict = { deny: colours.red('deny'), ask: colours.yellow('ask'), pass: colours.green('pass') }[
    decision.verdict
  ];
  lines.push('', `${colours.bold('verdict')} ${verdict}`, '');
  return lines.join('\n');
}

/** What a call of another tool than a shell's is judged as. */
function describeTool(call: Call, alone: boolean, colours: Colors): string[] {
  const own = toolCommand(call);
  const commands = [...(own === undefined ? [] : [own]), ...fileCommands(call)];
  const files = callEffects(call).map(({ kind, path }) => `  ${kind}s ${showWord(path)}`);
  if (commands.length + files.length === 0)
    return alone ? [colours.dim(`${call.tool} runs no commands and touches no files`)] : [];
  const described = commands.flatMap((command) => describe(command, '', colours).slice(0, 1));
  return [colours.bold('judged as'), ...described, ...files];
}

const describeLanding = ({ class: kind, name, why, certain }: Landing): string =>
  name === undefined
    ? `not recognised, so it counts as ${kind}`
    : `${name} (${kind})${certain ? '' : ', perhaps'}: ${why}`;

function describe(command: Command, source: string, colours: Colors): string[] {
  const argv = command.words.map((word) => {
    const text = clip(showWord(word).replaceAll('\n', '⏎'), 80);
    return word.kind === 'known'
      ? /^[\w./:=@%+,-]+$/.test(text)
        ? text
        : `'${text}'`
      : colours.yellow(text);
  });
  const redirections = command.redirections.map(({ operator, target }) => `${operator} ${showWord(target)}`);
  const via = command.via.length === 0 ? '' : colours.dim(`  via ${command.via.join(' → ')}`);
  const lines = [`  ${[...argv, ...redirections].join(' ')}${via}`];
  for (const word of command.words) {
    if (word.kind === 'unknown') lines.push(colours.dim(`      ${showWord(word)}: ${word.why}`));
  }
  if (command.via.length > 0)
    lines.push(
      colours.dim(
        `      from ${clip(source.slice(command.span.start, command.span.end).replaceAll('\n', '⏎'), 80)}`,
      ),
    );
  return lines;
}
