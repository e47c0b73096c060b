import type { Dimension, ToolDimension } from '../../model/environment.ts';
import type { Facts } from '../../model/facts.ts';
import { known, showWord, type Word } from '../../model/word.ts';
import { isLocalHost, readAddress, readHosts } from '../addresses.ts';
import { isPrefix } from '../arguments.ts';
import { fitsText } from '../glob.ts';
import { readEndpoints, runsElsewhere } from '../predicates/endpoint.ts';
import { gitBranch, gitRemotes } from './git-files.ts';
import { fromFiles, type Said, withOtherNames } from './local-files.ts';
import { type Place, unknown, type Value } from './place.ts';

/** Answers what a dimension holds for one place; nothing when neither command, environment nor file says it. */
export type ReadValues = (dimension: Dimension, variable?: string) => readonly Value[];

/** Reads dimensions when they are asked for, each once. */
export function valuesAt(place: Place, facts: Facts): ReadValues {
  const found = new Map<string, readonly Value[]>();
  const read: ReadValues = (dimension, variable = '') => {
    const key = `${dimension} ${variable}`;
    const before = found.get(key);
    if (before !== undefined) return before;
    found.set(key, []); // a dimension that is read through itself says nothing
    const values = new PlaceReader(place, facts, read).values(dimension, variable);
    found.set(key, values);
    return values;
  };
  return read;
}

class PlaceReader implements Said {
  readonly cwd: string | undefined;
  readonly #place: Place;
  readonly #facts: Facts;
  readonly #read: ReadValues;
  /** On another machine neither this one's environment nor its files count. */
  readonly #away: boolean;

  constructor(place: Place, facts: Facts, read: ReadValues) {
    this.#place = place;
    this.#facts = facts;
    this.#read = read;
    this.#away = place.command !== undefined && runsElsewhere(place.command);
    this.cwd = this.#away ? undefined : place.cwd;
  }

  values(dimension: Dimension, variable: string): readonly Value[] {
    if (dimension === 'variable') {
      const word = this.variable(variable);
      return word === undefined ? [] : [{ word, from: variable }];
    }
    if (dimension === 'path') return this.#paths();
    if (dimension === 'git-branch' || dimension === 'git-remote') {
      if (this.cwd === undefined) return [];
      const read = dimension === 'git-branch' ? gitBranch : gitRemotes;
      return this.#now(read(this.cwd, this.#facts));
    }
    return this.#toolValues(dimension);
  }

  variable(name: string): Word | undefined {
    const set = this.#place.command?.environment.get(name);
    if (set !== undefined) return set.kind === 'known' && set.text === '' ? undefined : set;
    const inherited = this.#away ? undefined : this.#facts.environment[name];
    return inherited === undefined || inherited === '' ? undefined : known(inherited);
  }

  home(): string | undefined {
    const set = this.#place.command?.environment.get('HOME');
    if (set === undefined) return this.#facts.home;
    return set.kind === 'known' ? set.text : undefined;
  }

  value(dimension: ToolDimension): Word | undefined {
    const [first, ...more] = this.#read(dimension);
    return more.length > 0 ? unknown('several are given') : first?.word;
  }

  option(name: string): Word | undefined {
    const { tool, args } = this.#place;
    return args?.flags.findLast(
      (flag) => flag.name === name || (tool?.abbreviates === true && isPrefix(flag.name, name)),
    )?.value;
  }

  #toolValues(dimension: ToolDimension): readonly Value[] {
    const names = this.#place.tool?.lands?.[dimension];
    const declared = names === undefined ? [] : this.#declared(dimension, names);
    const raw = declared.length > 0 ? declared : this.#endpoints(dimension);
    if (dimension === 'host') return raw.flatMap(hostsOf).map((host) => this.#asSeenHere(host));
    if (dimension === 'terraform-directory') return raw.map((value) => this.#directory(value));
    if (dimension === 'terraform-var-file') return raw.map((value) => this.#besideModule(value));
    if (dimension === 'az-subscription' && !this.#away)
      return raw.map((value) => withOtherNames(value, this, this.#facts));
    return raw;
  }

  #declared(dimension: ToolDimension, names: readonly string[]): readonly Value[] {
    const hides = names.flatMap((name) => (name.startsWith('!') ? [name.slice(1)] : []));
    const options = names.filter((name) => name.startsWith('-'));
    const hidden = (list: readonly string[]) => list.find((name) => this.#isGiven(name));
    const hidingOption = hidden(hides.filter((name) => name.startsWith('-')));
    if (hidingOption !== undefined) return [decidedBy(hidingOption)];
    const given = this.#options(options);
    if (given.length > 0) return given;
    const hidingVariable = hidden(hides.filter((name) => !name.startsWith('-')));
    if (hidingVariable !== undefined) return [decidedBy(hidingVariable)];
    const set = names
      .filter((name) => /^[A-Za-z_]/.test(name))
      .flatMap((name): Value[] => {
        const word = this.variable(name);
        return word === undefined ? [] : [{ word, from: name }];
      });
    if (set.length > 0) return set;
    if (this.#away) return [];
    const found = fromFiles(dimension, this, this.#facts);
    // Where a command runs is followed through the line, not read from a file.
    return dimension === 'terraform-directory' ? found : this.#now(found);
  }

  #options(names: readonly string[]): readonly Value[] {
    const { tool, args } = this.#place;
    const fits = (given: string) =>
      names.some((name) => given === name || (tool?.abbreviates === true && isPrefix(given, name)));
    const given = (args?.flags ?? [])
      .filter(({ name, value }) => value !== undefined && fits(name))
      .map(({ name, value }): Value => ({ word: value ?? unknown('no value'), from: name }));
    // `$FLAGS` or `"$@"` may hold the option.
    const open = (args?.words ?? []).some(({ word }) => word.kind === 'unknown' && word.options);
    return names.length > 0 && open
      ? [...given, { word: unknown('options cannot be known'), from: '…' }]
      : given;
  }

  #isGiven(name: string): boolean {
    if (name.startsWith('-')) return this.#place.args?.flags.some((flag) => flag.name === name) === true;
    if (!name.includes('*')) return this.variable(name) !== undefined;
    const set = [...(this.#place.command?.environment.keys() ?? []), ...Object.keys(this.#facts.environment)];
    return set.some((one) => fitsText(name, one) && this.variable(one) !== undefined);
  }

  /** What a client of a database names. */
  #endpoints(dimension: ToolDimension): readonly Value[] {
    const { tool, command, args, operands } = this.#place;
    if (dimension !== 'host' && dimension !== 'database') return [];
    if (tool?.endpoints === undefined || command === undefined || args === undefined) return [];
    const named = readEndpoints({ tool, command, args, operands }, this.#facts);
    if (named === undefined) return [{ word: unknown('it cannot be known'), from: 'the command' }];
    const texts = named.flatMap(({ hosts, database }) =>
      dimension === 'host' ? hosts : database === undefined ? [] : [database],
    );
    return texts.map((text) => ({ word: known(text), from: 'the command' }));
  }

  /** What files say now counts where nothing of the line changes it first. */
  #now(values: readonly Value[]): readonly Value[] {
    if (values.length === 0 || this.#place.alone()) return values;
    return [{ word: unknown('another command of the line may change it'), from: values[0]?.from ?? '' }];
  }

  /** `localhost` on another machine is not this one. */
  #asSeenHere(value: Value): Value {
    const { word, from } = value;
    if (!this.#away || word.kind !== 'known' || !isLocalHost(word.text)) return value;
    return { word: unknown('it is said on another machine'), from };
  }

  #directory({ word, from }: Value): Value {
    if (word.kind !== 'known') return { word, from };
    if (word.text.startsWith('/')) return { word, from };
    const { cwd } = this;
    return {
      word: cwd === undefined ? unknown('the directory cannot be known') : known(`${cwd}/${word.text}`),
      from,
    };
  }

  /** A file of variables is named as seen from the module's directory. */
  #besideModule(value: Value): Value {
    const { word, from } = value;
    if (word.kind !== 'known' || word.text.startsWith('/')) return value;
    const module = this.value('terraform-directory');
    return module?.kind === 'known' ? { word: known(`${module.text}/${word.text}`), from } : value;
  }

  /** Where it runs, and every path among its words that leads elsewhere. */
  #paths(): readonly Value[] {
    const { operands, paths } = this.#place;
    const here: Value = {
      word: this.cwd === undefined ? unknown('the directory cannot be known') : known(this.cwd),
      from: 'the directory it runs in',
    };
    const named = operands
      .map(({ word }) => word)
      .filter((word) => /^(?:[/~]|\.\.?\/|\u2026|\.\.$)/.test(showWord(word)));
    if (paths.length > 0) return paths.map((word) => ({ word, from: 'the file' }));
    return [here, ...named.map((word): Value => ({ word, from: 'the command' }))];
  }
}

const decidedBy = (name: string): Value => ({ word: unknown(`\`${name}\` decides`), from: name });

/** The hosts in a value that is a host, a list or a URL; unknown where they are not plainly written. */
function hostsOf({ word, from }: Value): readonly Value[] {
  if (word.kind !== 'known') return [{ word, from }];
  const hosts = /^[\w+.-]+:\/\//.test(word.text) ? urlHosts(word.text) : readHosts(word.text);
  return hosts.map((host) => ({
    word: host === undefined ? unknown('it is no plain URL') : known(host),
    from,
  }));
}

/** Only a URL that every reader takes alike is known: no user, no backslash, no white space. */
function urlHosts(url: string): readonly (string | undefined)[] {
  const plain = /^[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?(?:\/[\w./%~-]*)?$/i.test(url);
  return plain ? readAddress(url).hosts : [undefined];
}
