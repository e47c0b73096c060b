import type { Command } from '../model/command.ts';
import type { Finding } from '../model/decision.ts';
import type { Landing } from '../model/environment.ts';
import type { Closed, Effect, StageInForce } from '../model/stage.ts';
import { showWord } from '../model/word.ts';
import { fitsText } from '../policy/glob.ts';

/** A command that acts in an environment. */
export type Act = {
  readonly command: Command;
  /** The program's name, as rules know it. */
  readonly program: string;
  readonly effect: Effect;
  readonly landing: Landing;
};

/** Which closed door a landing stands before; undefined in a sandbox or staging. */
const doorOf = ({ class: kind, critical }: Landing): Closed | undefined =>
  kind !== 'production' ? undefined : critical === false ? 'non-critical' : 'critical';

/** What the stage says against a command that changes something. */
export function stageFinding(act: Act, stage: StageInForce): Finding | undefined {
  const door = doorOf(act.landing);
  if (act.effect === 'reads' || door === undefined) return undefined;
  const program = act.program.toLowerCase();
  if (stage.closed.some((glob) => fitsText(glob.toLowerCase(), program)))
    return findingOf(act, {
      rule: 'rollout/closed',
      title: 'Change production with a program that stays closed',
      held: true,
      reason: `\`${program}\` never changes production here, whatever the stage of the rollout.`,
      instead: 'Prepare the change and ask a person to make it.',
    });
  if (stage.rules.closes.includes(door))
    return findingOf(act, {
      rule: `rollout/${stage.name}`,
      title: 'Change what the stage of the rollout keeps closed',
      reason: `The rollout stands at \`${stage.name}\`, where agents change nothing ${
        door === 'critical' ? 'in production' : 'in production, critical or not'
      }${act.landing.name === undefined ? '; what is not recognised as anything else counts as production' : ''}.`,
      instead:
        'Make the change in a sandbox or in staging, or ask a person to make it. Reading is allowed everywhere.',
    });
  const [waiting] = stage.awaiting();
  if (waiting === undefined) return undefined;
  return findingOf(act, {
    rule: 'rollout/review',
    title: 'Change production while a session waits for its review',
    reason: `Session ${waiting.slice(0, 36)} changed production and nobody has reviewed it yet.`,
    instead: 'Ask the user to look at it: `blastguard review`, in a terminal of their own.',
  });
}

function findingOf(
  { command, landing }: Act,
  { held, ...text }: Pick<Finding, 'rule' | 'title' | 'reason' | 'instead' | 'held'>,
): Finding {
  return {
    ...text,
    severity: 'high',
    verdict: 'deny',
    certainty: 'yes',
    subject: command.words.map(showWord).join(' '),
    via: command.via,
    landing,
    ...(held === true ? { held } : {}),
  };
}
