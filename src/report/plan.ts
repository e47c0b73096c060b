import type picocolors from 'picocolors';
import { isLoss, type Plan, type PlannedChange } from '../terraform/plan.ts';

type Colours = ReturnType<typeof picocolors.createColors>;

const order: readonly PlannedChange['action'][] = ['delete', 'replace', 'forget', 'update', 'create'];
const names = { delete: 'delete', replace: 'replace', forget: 'forget', update: 'change', create: 'create' };

/** What goes first: data before the rest, deletions before replacements. Plain changes and creations are only counted. */
function notable({ changes }: Plan): readonly PlannedChange[] {
  const weight = (change: PlannedChange) =>
    order.indexOf(change.action) + (change.holds === undefined && isLoss(change) ? 0.5 : 0);
  return changes
    .filter((change) => isLoss(change) || change.action === 'forget' || change.importedAs !== undefined)
    .sort((a, b) => weight(a) - weight(b));
}

function details(change: PlannedChange): string {
  return [
    ...(change.forcedBy.length === 0 ? [] : [`forced by ${change.forcedBy.join(', ')}`]),
    ...(change.reason === undefined || change.forcedBy.length > 0 ? [] : [change.reason]),
    ...(change.deposed === undefined ? [] : [`deposed object ${change.deposed}`]),
    ...(change.movedFrom === undefined ? [] : [`moved from ${change.movedFrom}`]),
    ...(change.importedAs === undefined ? [] : [`imported as ${change.importedAs}`]),
    ...(change.action === 'forget' ? ['stays as it is, outside of the state'] : []),
  ].join('; ');
}

export function verdictOf({ losses, incomplete }: Plan): string {
  if (losses.length > 0)
    return `${losses.length} resource${losses.length === 1 ? '' : 's'} with data would be deleted`;
  return incomplete ? 'the plan is not complete' : 'nothing with data would be deleted';
}

const countsOf = ({ counts, moved }: Plan): string =>
  [...order.map((action) => `${counts[action]} to ${names[action]}`), `${moved.length} to move`].join(', ');

export function planTable(plan: Plan, colours: Colours): string {
  const rows = notable(plan).map((change) => ({ change, text: details(change) }));
  const width = Math.min(60, Math.max(0, ...rows.map(({ change }) => change.address.length)));
  const lines = rows.map(({ change, text }) => {
    const action = names[change.action].padEnd(7);
    const shown = isLoss(change)
      ? change.holds === undefined
        ? colours.yellow(action)
        : colours.red(action)
      : action;
    return `${shown}  ${(change.holds ?? '').padEnd(12)}  ${colours.bold(change.address.padEnd(width))}  ${text}\n`;
  });
  const moves = plan.moved.map(({ address, movedFrom }) => `move     ${movedFrom} → ${address}\n`);
  const verdict = verdictOf(plan);
  const state = plan.losses.length > 0 || plan.incomplete ? colours.red(verdict) : colours.green(verdict);
  return `${lines.join('')}${moves.join('')}${lines.length + moves.length > 0 ? '\n' : ''}${countsOf(plan)}: ${state}\n`;
}

/** The same for a comment on a pull request. */
export function planMarkdown(plan: Plan): string {
  const code = (text: string) =>
    `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replace(/\s+/g, ' ')}\``;
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;');
  const rows = notable(plan).map(
    (change) =>
      `| ${names[change.action]} | ${code(change.address)} | ${change.holds ?? ''} | ${cell(details(change))} |\n`,
  );
  const moves = plan.moved.map(
    ({ address, movedFrom }) => `| move | ${code(address)} | | moved from ${code(movedFrom ?? '')} |\n`,
  );
  const sign = plan.losses.length > 0 || plan.incomplete ? '🛑' : '✅';
  const table =
    rows.length + moves.length === 0
      ? ''
      : `\n| | resource | holds | |\n|---|---|---|---|\n${rows.join('')}${moves.join('')}`;
  return `### ${sign} Terraform plan: ${verdictOf(plan)}\n\n${countsOf(plan)}\n${table}`;
}
