import { quoted } from '../model/shell-quote.ts';
import { hole, type Step } from './step.ts';
import { itemsOf, mapOf, mapsIn, type Text, type Tree, textOf, treeAt } from './tree.ts';

/** Steps of CI systems that are written in YAML. */

const stepOf = ({ text, lines }: Text, more: Partial<Step> = {}): Step => ({
  text,
  lines,
  language: 'shell',
  runs: 'at-root',
  ...more,
});

/** Texts that one shell runs one after the other; lists within lists are flattened, as GitLab does. */
function joined(trees: readonly Tree[], more: Partial<Step> = {}): readonly Step[] {
  const flat = (tree: Tree): readonly Text[] =>
    'list' in tree ? tree.list.flatMap(flat) : textOf(tree) ? [textOf(tree) as Text] : [];
  const texts = trees.flatMap(flat);
  if (texts.length === 0) return [];
  const whole = {
    text: texts.map(({ text }) => text).join('\n'),
    lines: texts.flatMap(({ lines }) => lines),
  };
  return [stepOf(whole, more)];
}

/** Plain values of variables. */
function variablesOf(...trees: readonly (Tree | undefined)[]): Record<string, string> {
  const pairs = trees.flatMap((tree) =>
    [...mapOf(tree)].flatMap(([name, value]): [string, string][] => {
      const text = textOf(value)?.text;
      return text === undefined || text.includes('${{') ? [] : [[name, text]];
    }),
  );
  return Object.fromEntries(pairs);
}

/** GitHub's workflows and composite actions: https://docs.github.com/en/actions/reference/workflow-syntax-for-github-actions. */
export function githubSteps(root: Tree): readonly Step[] {
  const jobs = [...mapOf(treeAt(root, 'jobs')).values(), treeAt(root, 'runs')];
  return jobs.flatMap((job) =>
    itemsOf(treeAt(job, 'steps')).flatMap((step) => {
      const run = textOf(treeAt(step, 'run'));
      if (run === undefined) return [];
      const text = run.text.replaceAll(/\$\{\{(?:[^}]|\}(?!\}))*\}\}/g, hole);
      const shell =
        textOf(treeAt(step, 'shell')) ??
        textOf(treeAt(job, 'defaults', 'run', 'shell')) ??
        textOf(treeAt(root, 'defaults', 'run', 'shell'));
      const variables = variablesOf(treeAt(root, 'env'), treeAt(job, 'env'), treeAt(step, 'env'));
      return [inShell(stepOf({ text, lines: run.lines }, { variables }), shell?.text ?? 'bash')];
    }),
  );
}

/** A step whose text is for the shell that is named, or for another interpreter. */
function inShell(step: Step, shell: string): Step {
  if (/^(?:pwsh|powershell)\b/.test(shell)) return { ...step, language: 'powershell' };
  const [, program = ''] = /^(python3?|node|perl|ruby)\b/.exec(shell) ?? [];
  if (program === '') return step;
  const flag = program.startsWith('python') ? '-c' : '-e';
  return { ...step, text: `${program} ${flag} ${quoted(step.text)}` };
}

/** GitLab's jobs: https://docs.gitlab.com/ci/yaml/. */
export function gitlabSteps(root: Tree): readonly Step[] {
  const global = treeAt(root, 'variables');
  return [...mapsIn(root)].flatMap((job) => {
    const scripts = ['before_script', 'script', 'after_script'].flatMap((key) => job.get(key) ?? []);
    return joined(scripts, { variables: variablesOf(global, job.get('variables')) });
  });
}

/** CircleCI's steps: https://circleci.com/docs/reference/configuration-reference/. */
export function circleSteps(root: Tree): readonly Step[] {
  return [...mapsIn(root)].flatMap((map) => {
    const run = map.get('run');
    const text = textOf(run) ?? textOf(treeAt(run, 'command'));
    if (text === undefined) return [];
    const filled = text.text.replaceAll(/<<[^<>]*>>/g, hole);
    return [
      stepOf({ text: filled, lines: text.lines }, { variables: variablesOf(treeAt(run, 'environment')) }),
    ];
  });
}

/** Azure's steps: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps. */
export function azureSteps(root: Tree): readonly Step[] {
  return [...mapsIn(root)].flatMap((map) =>
    (['bash', 'script', 'powershell', 'pwsh'] as const).flatMap((key) => {
      const text = textOf(map.get(key));
      if (text === undefined) return [];
      const language = key === 'powershell' || key === 'pwsh' ? 'powershell' : 'shell';
      // Its own macros, `$(Build.SourcesDirectory)`, are filled in before the shell starts.
      const filled = text.text.replaceAll(/\$\(\w+(?:\.\w+)+\)|\$\{\{[^}]*\}\}/g, hole);
      return [stepOf({ text: filled, lines: text.lines }, { language })];
    }),
  );
}

/** Lists of commands under names that mean nothing else: Bitbucket, Travis, Drone, Buildkite, CodeBuild, lefthook. */
export const stepsUnder =
  (...keys: readonly string[]) =>
  (root: Tree): readonly Step[] =>
    [...mapsIn(root)].flatMap((map) => keys.flatMap((key) => joined(itemsOf(map.get(key)).filter(isPlain))));

const isPlain = (tree: Tree): boolean => !('map' in tree);

/** A Taskfile's commands: https://taskfile.dev/docs/reference/schema. */
export function taskfileSteps(root: Tree): readonly Step[] {
  return [...mapOf(treeAt(root, 'tasks')).values()].flatMap((task) => {
    const body = 'map' in task ? task : { map: new Map([['cmds', task]]) };
    const commands = ['cmds', 'cmd', 'status'].flatMap((key) => itemsOf(treeAt(body, key)));
    const texts = commands.flatMap((command) =>
      'map' in command ? ['cmd', 'defer'].flatMap((key) => treeAt(command, key) ?? []) : [command],
    );
    return joined(texts, { runs: 'beside' }).map((step) => ({
      ...step,
      text: step.text.replaceAll(/\{\{[^{}]*\}\}/g, hole),
    }));
  });
}

/** A command as a text, or as the list of its words. */
function commandOf(tree: Tree | undefined): Text | undefined {
  if (tree === undefined || !('list' in tree)) return textOf(tree);
  const words = tree.list.flatMap((item) => textOf(item) ?? []);
  const [first] = words;
  if (first === undefined) return undefined;
  return { text: words.map(({ text }) => quoted(text)).join(' '), lines: first.lines };
}

/** What the services of a compose file run, in their containers. */
export function composeSteps(root: Tree): readonly Step[] {
  return [...mapOf(treeAt(root, 'services')).values()].flatMap((service) => {
    const parts = ['entrypoint', 'command'].flatMap((key) => commandOf(treeAt(service, key)) ?? []);
    const [first] = parts;
    if (first === undefined) return [];
    const text = parts
      .map((part) => part.text)
      .join(' ')
      .replaceAll('$$', '$');
    return [
      stepOf(
        { text, lines: text.split('\n').map((_, i) => first.lines[i] ?? first.lines[0] ?? 1) },
        { runs: 'in-container' },
      ),
    ];
  });
}

/** The scripts of package.json, composer.json and deno.json. */
export function scriptSteps(root: Tree): readonly Step[] {
  const scripts = [...mapOf(treeAt(root, 'scripts')).values(), ...mapOf(treeAt(root, 'tasks')).values()];
  return scripts.flatMap((script) => {
    const text = textOf(script) ?? textOf(treeAt(script, 'command'));
    return text === undefined
      ? joined(itemsOf(script).filter(isPlain), { runs: 'beside' })
      : [stepOf(text, { runs: 'beside' })];
  });
}

/** The tasks of pyproject.toml, Pipfile and mise.toml: a text, a list of texts, or a table that holds one. */
export function tomlSteps(root: Tree): readonly Step[] {
  const tool = treeAt(root, 'tool');
  const tables = [
    treeAt(tool, 'poe', 'tasks'),
    treeAt(tool, 'taskipy', 'tasks'),
    treeAt(tool, 'pdm', 'scripts'),
    treeAt(tool, 'hatch', 'scripts'),
    ...[...mapOf(treeAt(tool, 'hatch', 'envs')).values()].map((env) => treeAt(env, 'scripts')),
    treeAt(root, 'scripts'),
    treeAt(root, 'tasks'),
  ];
  return tables.flatMap((table) =>
    [...mapOf(table).values()].flatMap((task) => {
      const body =
        'map' in task ? ['cmd', 'shell', 'run', 'script'].flatMap((key) => treeAt(task, key) ?? []) : [task];
      return joined(body.flatMap(itemsOf).filter(isPlain), { runs: 'beside' });
    }),
  );
}
