import { fitsText } from '../policy/glob.ts';
import { type Action, type Catalogue, serviceOf } from './catalogue.ts';

/** Whether an action fits a pattern of a policy: `*` any text, `?` any character, in any case. */
export const fitsAction = (pattern: string, id: string): boolean =>
  fitsText(pattern.toLowerCase(), id.toLowerCase());

/** The actions that fit a pattern of a policy. */
export function actionsFitting(catalogue: Catalogue, pattern: string): readonly Action[] {
  const wanted = pattern.toLowerCase();
  if (wanted === '*') return [...catalogue.services.values()].flatMap(({ actions }) => [...actions.values()]);
  const colon = wanted.indexOf(':');
  if (colon < 0) return [];
  const [service, name] = [wanted.slice(0, colon), wanted.slice(colon + 1)];
  return [...catalogue.services]
    .filter(([prefix]) => fitsText(service, prefix))
    .flatMap(([, { actions }]) => fittingIn(actions, name));
}

function fittingIn(actions: ReadonlyMap<string, Action>, name: string): readonly Action[] {
  if (/[*?]/.test(name))
    return [...actions].filter(([key]) => fitsText(name, key)).map(([, action]) => action);
  const action = actions.get(name);
  return action === undefined ? [] : [action];
}

/** What is wrong with an entry of Action or NotAction, as AWS would say when the policy is stored; else undefined. */
export function faultOfPattern(catalogue: Catalogue, pattern: string): string | undefined {
  if (pattern === '*') return undefined;
  const parts = pattern.split(':');
  if (parts.length !== 2) return 'is not `service:Action`';
  const service = serviceOf(pattern);
  if (/[*?]/.test(service)) return 'has a wildcard for the service, which AWS refuses';
  if (!catalogue.services.has(service)) return `names the unknown service \`${service}\``;
  return undefined;
}
