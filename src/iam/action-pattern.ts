import { fitsText } from '../policy/glob.ts';
import { type Action, type Catalogue, serviceOf } from './catalogue.ts';

const STAR = 42;
const QUESTION = 63;

/** Whether an action fits a pattern of a policy: `*` any text, `?` any character, in any case. */
export function fitsAction(pattern: string, id: string): boolean {
  // Most pairs differ in the first letter already.
  const first = pattern.charCodeAt(0);
  if (first !== STAR && first !== QUESTION && (first | 32) !== (id.charCodeAt(0) | 32)) return false;
  const [glob, text] = [pattern.toLowerCase(), id.toLowerCase()];
  // Most patterns are a name or the beginning of one: these need no glob, and there are many.
  const wildcard = glob.search(/[*?]/);
  if (wildcard < 0) return glob === text;
  if (!text.startsWith(glob.slice(0, wildcard))) return false;
  return (wildcard === glob.length - 1 && glob.endsWith('*')) || fitsText(glob, text);
}

/** The actions that fit a pattern of a policy. */
export function actionsFitting(catalogue: Catalogue, pattern: string): readonly Action[] {
  const wanted = pattern.toLowerCase();
  if (wanted === '*') return [...catalogue.services.values()].flatMap(({ actions }) => [...actions.values()]);
  const colon = wanted.indexOf(':');
  if (colon < 0) return [];
  const [service, name] = [wanted.slice(0, colon), wanted.slice(colon + 1)];
  if (!/[*?]/.test(service)) {
    const found = catalogue.services.get(service);
    return found === undefined ? [] : fittingIn(found.actions, name);
  }
  return [...catalogue.services]
    .filter(([prefix]) => fitsText(service, prefix))
    .flatMap(([, { actions }]) => fittingIn(actions, name));
}

function fittingIn(actions: ReadonlyMap<string, Action>, name: string): readonly Action[] {
  const beginning = name.search(/[*?]/);
  if (beginning === name.length - 1 && name.endsWith('*'))
    return [...actions].filter(([key]) => key.startsWith(name.slice(0, -1))).map(([, action]) => action);
  if (beginning >= 0) return [...actions].filter(([key]) => fitsText(name, key)).map(([, action]) => action);
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
