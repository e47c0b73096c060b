import { both, type Certainty, either } from '../../model/certainty.ts';
import type { Level } from '../../model/config.ts';
import type { Environment, EnvironmentClass, Landing, Mark } from '../../model/environment.ts';
import type { Facts } from '../../model/facts.ts';
import { known, showWord } from '../../model/word.ts';
import { isLocalHost } from '../addresses.ts';
import { fits, fitsPath } from '../glob.ts';
import { absolute } from '../paths.ts';
import { endpoint } from '../predicates/endpoint.ts';
import type { Place, Value } from './place.ts';
import { type ReadValues, valuesAt } from './values.ts';

/** Clusters on this machine, by the names that their makers give to contexts. */
const localCluster: Environment = {
  name: 'local cluster',
  class: 'sandbox',
  when: [
    [
      {
        dimension: 'kube-context',
        globs: ['kind-*', 'minikube', 'docker-desktop', 'k3d-*', 'rancher-desktop', 'orbstack', 'colima'],
      },
    ],
  ],
};

const severity: Readonly<Record<EnvironmentClass, number>> = { sandbox: 0, staging: 1, production: 2 };

type Recognised = { readonly environment: Environment; readonly certainty: Certainty; readonly why: string };

/**
 * Where a command lands. Production when an environment of that class is recognised, if only perhaps, or none is;
 * staging and sandbox only when certainly recognised and nothing says otherwise. Files that nobody trusts make it
 * stricter at most.
 */
export function landingOf(place: Place, levels: readonly Level[], facts: Facts): Landing {
  const read = valuesAt(place, facts);
  const recognise = (environments: readonly Environment[]) =>
    environments.map((one) => recogniseOne(one, read, facts)).filter(({ certainty }) => certainty !== 'no');
  const trusted = levels.filter((level) => level.trusted).flatMap((level) => level.environments);
  const landing = conclude([...recognise([...trusted, localCluster]), ...localEndpoint(place, read, facts)]);
  const others = levels.filter((level) => !level.trusted).flatMap((level) => level.environments);
  const stricter = recognise(others)
    .filter(({ environment }) => severity[environment.class] > severity[landing.class])
    .sort(byClass)[0];
  return stricter === undefined ? landing : landingIn(stricter);
}

const byClass = (a: Recognised, b: Recognised): number =>
  severity[b.environment.class] - severity[a.environment.class];

function conclude(recognised: readonly Recognised[]): Landing {
  const certain = recognised.filter(({ certainty }) => certainty === 'yes').sort(byClass);
  const [first] = certain;
  const productions = [...certain, ...recognised].filter(
    ({ environment }) => environment.class === 'production',
  );
  const production = productions.find(({ environment }) => environment.critical !== false) ?? productions[0];
  if (production !== undefined) return landingIn(production);
  if (first !== undefined) return landingIn(first);
  return { class: 'production', certain: true, why: 'nothing that is known of it was recognised' };
}

const landingIn = ({ environment, certainty, why }: Recognised): Landing => ({
  class: environment.class,
  name: environment.name,
  ...(environment.critical === false ? { critical: false } : {}),
  certain: certainty === 'yes',
  why,
});

function recogniseOne(environment: Environment, read: ReadValues, facts: Facts): Recognised {
  let best: Recognised = { environment, certainty: 'no', why: '' };
  for (const marks of environment.when) {
    const fitted = marks.map((mark) => ({ mark, values: read(mark.dimension, mark.name) }));
    const certainty = fitted
      .map(({ mark, values }) => fitsMark(mark, values, environment.class, facts))
      .reduce(both, 'yes');
    if (either(best.certainty, certainty) === best.certainty) continue;
    const why = fitted.map(({ mark, values }) => describe(mark, values)).join(' and ');
    best = { environment, certainty, why };
  }
  return best;
}

/** Of several values one is enough for production; for what is milder all must fit. */
function fitsMark(
  mark: Mark,
  values: readonly Value[],
  environmentClass: EnvironmentClass,
  facts: Facts,
): Certainty {
  if (values.length === 0) return 'no';
  const answers = values.map((value) =>
    mark.globs.map((glob) => fitsValue(mark, glob, value, facts)).reduce(either),
  );
  return environmentClass === 'production' ? answers.reduce(either) : answers.reduce(both);
}

function fitsValue({ dimension }: Mark, glob: string, { word, also = [] }: Value, facts: Facts): Certainty {
  if (dimension === 'terraform-var-file' && !glob.includes('/')) {
    if (word.kind !== 'known') return 'maybe';
    return fits(glob, known(word.text.slice(word.text.lastIndexOf('/') + 1)));
  }
  if (dimension === 'path' || dimension === 'terraform-var-file' || dimension === 'terraform-directory') {
    if (word.kind !== 'known') return 'maybe';
    return isIn(glob, word.text, facts) ? 'yes' : 'no';
  }
  if (dimension !== 'host') return [word, ...also].map((name) => fits(glob, name)).reduce(either);
  return fits(glob.toLowerCase(), word.kind === 'known' ? known(word.text.toLowerCase()) : word);
}

/** Whether a path is, or lies below, what a glob names: an absolute one, one below `~`, or one in the project. */
function isIn(glob: string, path: string, facts: Facts): boolean {
  const full = absolute(path, facts.cwd, facts);
  if (full === undefined) return false;
  const real = facts.realPath(full);
  const from = glob.startsWith('~/')
    ? `${facts.realPath(facts.home ?? '/')}${glob.slice(1)}`
    : /^(?:\/|\*\*\/)/.test(glob)
      ? glob
      : `${facts.realPath(facts.projectDir)}/${glob}`;
  const wanted = from.replace(/\/+$/, '');
  return fitsPath(wanted, real) || fitsPath(`${wanted}/**`, real);
}

function describe({ dimension, name }: Mark, values: readonly Value[]): string {
  const what = values.map(({ word, from }) => `\`${showWord(word)}\` (${from})`).join(', ');
  return `${name ?? dimension} is ${what}`;
}

/** An endpoint on this machine that the command or its environment names, such as LocalStack's. */
function localEndpoint(place: Place, read: ReadValues, facts: Facts): readonly Recognised[] {
  const { tool, command, args, operands } = place;
  if (tool === undefined || command === undefined || args === undefined) return [];
  const environment: Environment = { name: 'this machine', class: 'sandbox', when: [] };
  if (tool.lands?.host === undefined) {
    const local = endpoint('local', { tool, command, args, operands }, facts) === 'yes';
    return local ? [{ environment, certainty: 'yes', why: 'its host is this machine' }] : [];
  }
  const hosts = read('host');
  const local =
    hosts.length > 0 && hosts.every(({ word }) => word.kind === 'known' && isThisMachine(word.text));
  return local
    ? [{ environment, certainty: 'yes', why: describe({ dimension: 'host', globs: [] }, hosts) }]
    : [];
}

/** LocalStack's own domain names the loopback address. */
const isThisMachine = (host: string): boolean =>
  isLocalHost(host) || /^(?:[\w-]+\.)*localhost\.localstack\.cloud$/i.test(host);
