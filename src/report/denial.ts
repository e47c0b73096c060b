import type { Decision, Finding } from '../model/decision.ts';
import { clip } from './clip.ts';

/** Claude Code passes a reason on whole; a model reads two thousand characters of it with attention. */
const longest = 2000;

/** A denial for the model: what was stopped, why, what to do instead; facts, not orders. */
export function denialForModel(decision: Decision, notes: readonly string[]): string {
  const [first, ...more] = decision.findings;
  if (first === undefined) return 'blastguard stopped this call.';
  const verb = decision.verdict === 'ask' ? 'asks a person before' : 'stopped';
  const lines = [
    `blastguard ${verb} \`${clip(first.subject, 300)}\`${reached(first)} (rule ${first.rule}, ${first.severity}${first.certainty === 'maybe' ? ', because of words that cannot be known beforehand' : ''}).`,
    `Why: ${oneLine(first.reason)}`,
    `Instead: ${oneLine(first.instead)}`,
  ];
  const where = whereOf(first);
  if (where !== '') lines.push(where);
  if (decision.verdict === 'deny' && first.verdict === 'ask') {
    lines.push(
      'A person could approve this; in the permission mode of this session nobody is asked, so it is denied.',
    );
  }
  if (more.length > 0) {
    lines.push(
      `Also found: ${more
        .slice(0, 5)
        .map((finding) => `${finding.rule} in \`${clip(finding.subject, 80)}\``)
        .join('; ')}.`,
    );
  }
  return clip([...lines, ...notes].join('\n'), longest);
}

/** Where the command lands, where an environment was recognised; and the exception that no longer excuses it. */
function whereOf({ landing, lapsed }: Finding): string {
  const name = landing?.name;
  const where =
    name === undefined
      ? ''
      : `Lands in: ${name} (${landing?.class}), because ${clip(landing?.why ?? '', 160)}.`;
  return `${where}${lapsed === undefined ? '' : `${where === '' ? '' : '\n'}An exception for it ended: ${lapsed}.`}`;
}

/** The same for the user, in one line, with how to let the call through where its code is known. The model sees none of it. */
export function denialForUser(decision: Decision, code?: string): string {
  const [first] = decision.findings;
  if (first === undefined) return 'blastguard stopped a call';
  const verb = decision.verdict === 'ask' ? 'asks about' : 'denied';
  const unlock =
    code === undefined
      ? ''
      : ` To let exactly this call through once: blastguard allow-once ${code}, in a terminal of your own.`;
  return `blastguard ${verb} \`${clip(oneLine(first.subject), 120)}\` (${first.rule}): ${clip(oneLine(first.reason), 200)}${unlock}`;
}

const reached = (finding: Finding): string =>
  finding.via.length === 0
    ? ''
    : `, reached through ${finding.via.map((step) => `\`${clip(step, 40)}\``).join(' → ')},`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
