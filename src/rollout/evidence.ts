import type { Demands, Rollout, StageName } from '../model/stage.ts';
import type { Story } from './story.ts';
import { isReviewed } from './story.ts';

const day = 24 * 60 * 60 * 1000;

/** What a stage must show before it is left, where the configuration does not say. */
const usual: Required<Demands> = { days: 7, sessions: 5, reviewed: 100, readiness: false };

export const demandsOf = ({ demands }: Rollout, stage: StageName): Required<Demands> => ({
  ...usual,
  // Production is not opened by time alone.
  ...(stage === 'non-critical' ? { readiness: true } : {}),
  ...demands[stage],
});

/** One thing that is demanded, what there is of it, and whether that is enough. */
export type Evidence = { readonly what: string; readonly have: string; readonly met: boolean };

/** What is needed of the sessions since the stage began. Times in ms since 1970. */
export function evidenceOf(
  demands: Required<Demands>,
  since: number | undefined,
  stories: readonly Story[],
  now: number,
): readonly Evidence[] {
  const acted = stories.filter(({ calls }) => calls > 0);
  const reviewed = acted.filter(isReviewed).length;
  const share = acted.length === 0 ? 100 : Math.floor((reviewed / acted.length) * 100);
  const days = since === undefined ? 0 : Math.floor((now - since) / day);
  const unexplained = acted.filter((story) => story.verdicts.deny > 0 && !isReviewed(story));
  return [
    {
      what: `${demands.days} days at the stage`,
      have: since === undefined ? 'it was never set, so its days are not counted' : String(days),
      met: days >= demands.days,
    },
    {
      what: `${demands.sessions} sessions recorded`,
      have: String(acted.length),
      met: acted.length >= demands.sessions,
    },
    {
      what: `${demands.reviewed} % of them reviewed`,
      have: `${share} %`,
      met: acted.length > 0 ? share >= demands.reviewed : demands.sessions === 0,
    },
    {
      what: 'no denial that nobody explained',
      have:
        unexplained.length === 0
          ? 'none'
          : `denials in ${unexplained.length} session${unexplained.length === 1 ? '' : 's'} that nobody reviewed`,
      met: unexplained.length === 0,
    },
  ];
}
