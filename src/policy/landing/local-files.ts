import type { ToolDimension } from '../../model/environment.ts';
import type { Facts } from '../../model/facts.ts';
import { known } from '../../model/word.ts';
import { unknown, type Value } from './place.ts';

/** What the command line and the line's and the hook's environment say; undefined where a variable is not set. */
export type Said = {
  readonly cwd: string | undefined;
  variable(name: string): Value['word'] | undefined;
  /** The home directory that the command has; undefined when it cannot be known. */
  home(): string | undefined;
  value(dimension: ToolDimension): Value['word'] | undefined;
  /** The value of an option of this name, on the command itself. */
  option(name: string): Value['word'] | undefined;
};

const largest = 1 << 20;

/** What a tool's own files, or its default, say where neither the command nor a variable does. */
export function fromFiles(dimension: ToolDimension, said: Said, facts: Facts): readonly Value[] {
  return readers[dimension]?.(said, facts) ?? [];
}

type Reader = (said: Said, facts: Facts) => readonly Value[];

const readers: Readonly<Partial<Record<ToolDimension, Reader>>> = {
  'aws-profile': () => [{ word: known('default'), from: 'the default' }],
  'aws-region': (said, facts) => awsSetting('region', /^(.+)$/, said, facts),
  'aws-account': (said, facts) => [
    ...awsSetting('sso_account_id', /^(\d{12})$/, said, facts),
    ...awsSetting('role_arn', /^arn:[\w-]+:iam::(\d{12}):/, said, facts),
  ],
  'kube-context': (said, facts) => kubeconfig(said, facts, (text) => topLevel(text, 'current-context')),
  'kube-namespace': (said, facts) => {
    const context = said.value('kube-context');
    if (context?.kind !== 'known') return [];
    const found = kubeconfig(said, facts, (text) => namespaceOf(text, context.text));
    return found.length > 0 ? found : [{ word: known('default'), from: 'the default' }];
  },
  'terraform-workspace': (said, facts) => {
    const directory = said.value('terraform-directory');
    const data = said.variable('TF_DATA_DIR');
    if (directory?.kind !== 'known' || (data !== undefined && data.kind !== 'known')) return [];
    const file = `${below(directory.text, data?.text ?? '.terraform')}/environment`;
    const name = facts.readText(file, 4096)?.trim();
    return [name ? { word: known(name), from: file } : { word: known('default'), from: 'the default' }];
  },
  'terraform-directory': ({ cwd }) =>
    cwd === undefined ? [] : [{ word: known(cwd), from: 'the directory it runs in' }],
  'gcloud-configuration': (said, facts) => {
    const dir = gcloudDir(said);
    const active = dir === undefined ? undefined : facts.readText(`${dir}/active_config`, 4096)?.trim();
    return [active ? { word: known(active), from: `${dir}/active_config` } : inDefault];
  },
  'gcloud-project': (said, facts) => {
    const dir = gcloudDir(said);
    const name = said.value('gcloud-configuration') ?? known('default');
    if (dir === undefined || name.kind !== 'known') return [];
    const file = `${dir}/configurations/config_${name.text}`;
    return valueIn(file, iniValue(facts.readText(file, largest) ?? '', /^core$/, 'project'));
  },
  'az-subscription': (said, facts) => {
    const { file, all } = subscriptions(said, facts);
    return valueIn(file, all.find(({ isDefault }) => isDefault)?.name);
  },
  'docker-context': (said, facts) => {
    const dir = dirFrom('DOCKER_CONFIG', '.docker', said);
    const name = jsonOf(dir === undefined ? undefined : facts.readText(`${dir}/config.json`, largest));
    const current = isObject(name) ? name.currentContext : undefined;
    return [
      typeof current === 'string' && current !== ''
        ? { word: known(current), from: `${dir}/config.json` }
        : inDefault,
    ];
  },
  'fly-app': ({ cwd }, facts) => {
    const file = `${cwd}/fly.toml`;
    const text = cwd === undefined ? undefined : facts.readText(file, largest);
    return valueIn(file, /^app\s*=\s*["']([\w-]+)["']/m.exec(text ?? '')?.[1]);
  },
};

const inDefault: Value = { word: known('default'), from: 'the default' };

const below = (dir: string, path: string): string => (path.startsWith('/') ? path : `${dir}/${path}`);

const valueIn = (file: string, value: string | undefined): readonly Value[] =>
  value === undefined || value === '' ? [] : [{ word: known(value), from: file }];

/** A directory that a variable names, or the usual one below home. Undefined when it cannot be known. */
function dirFrom(variable: string, usual: string, said: Said): string | undefined {
  const named = said.variable(variable);
  if (named !== undefined) return named.kind === 'known' ? named.text : undefined;
  const home = said.home();
  return home === undefined ? undefined : `${home}/${usual}`;
}

const gcloudDir = (said: Said) => dirFrom('CLOUDSDK_CONFIG', '.config/gcloud', said);

/** A setting of the profile in `~/.aws/config`. */
function awsSetting(key: string, form: RegExp, said: Said, facts: Facts): readonly Value[] {
  const profile = said.value('aws-profile') ?? known('default');
  const file = dirFrom('AWS_CONFIG_FILE', '.aws/config', said);
  if (file === undefined || profile.kind !== 'known') return [];
  const text = facts.readText(file, largest) ?? '';
  const wanted = profile.text === 'default' ? ['default', 'profile default'] : [`profile ${profile.text}`];
  for (const section of wanted) {
    const found = form.exec(iniValue(text, section, key) ?? '')?.[1];
    if (found !== undefined) return [{ word: known(found), from: file }];
  }
  return [];
}

/** A key of a section of an INI file. */
function iniValue(text: string, section: string | RegExp, key: string): string | undefined {
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const head = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1]?.replaceAll(/["']/g, '').replaceAll(/\s+/g, ' ');
    if (head !== undefined) inside = typeof section === 'string' ? head === section : section.test(head);
    else if (inside) {
      const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === key && value) return value;
    }
  }
  return undefined;
}

/** What the first of the kubeconfig files says that says anything. */
function kubeconfig(said: Said, facts: Facts, read: (text: string) => string | undefined): readonly Value[] {
  const named = said.option('--kubeconfig') ?? said.variable('KUBECONFIG');
  if (named !== undefined && named.kind !== 'known')
    return [{ word: unknown('the kubeconfig cannot be known'), from: 'KUBECONFIG' }];
  const home = said.home();
  const usual = home === undefined ? [] : [`${home}/.kube/config`];
  for (const file of named?.text ? named.text.split(':').filter(Boolean) : usual) {
    const path = file.startsWith('/') ? file : said.cwd === undefined ? undefined : `${said.cwd}/${file}`;
    const value = path === undefined ? undefined : read(facts.readText(path, largest) ?? '');
    if (value !== undefined && path !== undefined) return valueIn(path, value);
  }
  return [];
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

/** A scalar at the top of a kubeconfig, which tools write in block form. */
function topLevel(text: string, key: string): string | undefined {
  const found = new RegExp(`^(?:"${key}"|${key}):[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : unquoted(found) || undefined;
}

/** The namespace of a context: its entry is a list item with `name` beside `context`. */
function namespaceOf(text: string, context: string): string | undefined {
  const list = /^contexts:[ \t]*\n((?:(?:[ -].*)?\n)*)/m.exec(`${text}\n`)?.[1] ?? '';
  for (const item of list.split(/^ *- /m)) {
    const name = /^(?: {0,4})name:[ \t]*(\S.*)$/m.exec(item)?.[1];
    if (name === undefined || unquoted(name) !== context) continue;
    const namespace = /^ {4,}namespace:[ \t]*(\S.*)$/m.exec(item)?.[1];
    return namespace === undefined ? undefined : unquoted(namespace);
  }
  return undefined;
}

type Subscription = { readonly id?: string; readonly name?: string; readonly isDefault: boolean };

/** The subscriptions that az knows, from its `azureProfile.json`. */
function subscriptions(said: Said, facts: Facts): { file: string; all: readonly Subscription[] } {
  const dir = dirFrom('AZURE_CONFIG_DIR', '.azure', said);
  const file = `${dir}/azureProfile.json`;
  const profile =
    dir === undefined ? undefined : jsonOf(facts.readText(file, largest)?.replace(/^\uFEFF/, ''));
  const listed = isObject(profile) && Array.isArray(profile.subscriptions) ? profile.subscriptions : [];
  const all = listed.filter(isObject).map(
    ({ id, name, isDefault }): Subscription => ({
      ...(typeof id === 'string' ? { id } : {}),
      ...(typeof name === 'string' ? { name } : {}),
      isDefault: isDefault === true,
    }),
  );
  return { file, all };
}

/** A subscription by its name and its id, in whichever of the two ways it is given; az takes either, in any case. */
export function withOtherNames(value: Value, said: Said, facts: Facts): Value {
  const { word } = value;
  if (word.kind !== 'known') return value;
  const given = word.text.toLowerCase();
  const found = subscriptions(said, facts).all.filter(({ id, name }) =>
    [id, name].some((one) => one?.toLowerCase() === given),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) return value;
  return { ...value, also: [only.id, only.name].flatMap((one) => (one === undefined ? [] : [known(one)])) };
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
