import * as pipelines from './pipelines.ts';
import * as plain from './plain-files.ts';
import type { Step } from './step.ts';
import { readJson, readToml, readYaml, type Tree } from './tree.ts';

type Reader = (source: string) => readonly Step[];

const yaml =
  (steps: (root: Tree) => readonly Step[]): Reader =>
  (source) =>
    steps(readYaml(source));
const json = (source: string) => pipelines.scriptSteps(readJson(source));
const toml = (source: string) => pipelines.tomlSteps(readToml(source));

/** Which files are read, by their path within the repository, and how. The first row that fits counts. */
const table: readonly (readonly [path: RegExp, reader: Reader])[] = [
  [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, yaml(pipelines.githubSteps)],
  [/(?:^|\/)action\.ya?ml$/, yaml(pipelines.githubSteps)],
  [/(?:^|\/)\.gitea\/workflows\/[^/]+\.ya?ml$/, yaml(pipelines.githubSteps)],
  [/(?:^|\/)[^/]*\.?gitlab-ci[^/]*\.ya?ml$|(?:^|\/)\.gitlab\/ci\/.+\.ya?ml$/, yaml(pipelines.gitlabSteps)],
  [/(?:^|\/)\.circleci\/.+\.ya?ml$/, yaml(pipelines.circleSteps)],
  [
    /(?:^|\/)[^/]*azure-pipelines[^/]*\.ya?ml$|(?:^|\/)\.azure-?pipelines\/.+\.ya?ml$/,
    yaml(pipelines.azureSteps),
  ],
  [/(?:^|\/)bitbucket-pipelines\.ya?ml$/, yaml(pipelines.stepsUnder('script', 'after-script'))],
  [
    /(?:^|\/)\.travis\.ya?ml$/,
    yaml(
      pipelines.stepsUnder(
        'before_install',
        'install',
        'before_script',
        'script',
        'after_script',
        'after_success',
        'after_failure',
        'before_deploy',
        'deploy',
        'after_deploy',
      ),
    ),
  ],
  [/(?:^|\/)\.(?:drone|woodpecker)(?:\/.+)?\.ya?ml$/, yaml(pipelines.stepsUnder('commands'))],
  [/(?:^|\/)\.buildkite\/.+\.ya?ml$/, yaml(pipelines.stepsUnder('command', 'commands'))],
  [/(?:^|\/)buildspec[^/]*\.ya?ml$/, yaml(pipelines.stepsUnder('commands', 'finally'))],
  [/(?:^|\/)\.?lefthook(?:-local)?\.ya?ml$/, yaml(pipelines.stepsUnder('run'))],
  [/(?:^|\/)\.pre-commit-config\.ya?ml$/, yaml(pipelines.stepsUnder('entry'))],
  [/(?:^|\/)[Tt]askfile(?:\.[\w-]+)*\.ya?ml$/, yaml(pipelines.taskfileSteps)],
  [/(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/, yaml(pipelines.composeSteps)],
  [/(?:^|\/)(?:package|composer|deno)\.jsonc?$/, json],
  [/(?:^|\/)(?:pyproject\.toml|Pipfile|\.?mise(?:\.[\w-]+)?\.toml)$/, toml],
  [/(?:^|\/)(?:GNU)?[Mm]akefile(?:\.[\w-]+)?$|\.mk$/, plain.makefileSteps],
  [/(?:^|\/)\.?[Jj]ustfile$|\.just$/, plain.justfileSteps],
  [/(?:^|\/)(?:Docker|Container)file(?:\.[\w.-]+)?$|\.(?:docker|container)file$/i, plain.dockerfileSteps],
  [/(?:^|\/)Procfile(?:\.[\w-]+)?$/, plain.procfileSteps],
  [/(?:^|\/)tox\.ini$/, plain.toxSteps],
  [
    /(?:^|\/)Jenkinsfile(?:\.[\w-]+)?$|\.jenkinsfile$|(?:^|\/)(?:Rake|Fast|Cap)file$|\.rake$/i,
    plain.callSteps,
  ],
  [/\.(?:sh|bash|dash|ksh|zsh|bats)$|(?:^|\/)\.husky\/[\w-]+$/, plain.shellScript],
  [/\.ps[m]?1$/, plain.powerShellScript],
];

/** How a file is read; undefined for one that gives nothing to a shell. `head` is the start of its text. */
export function readerFor(path: string, head: () => string): Reader | undefined {
  const row = table.find(([pattern]) => pattern.test(path));
  if (row !== undefined) return row[1];
  // A script without an ending says in its first line what runs it.
  if (/\.[A-Za-z0-9]+$/.test(path.slice(path.lastIndexOf('/') + 1))) return undefined;
  return /^#!\s*\S*(?:\/|\benv\s+(?:-\S+\s+)*)(?:ba|da|k|z)?sh\b/.test(head())
    ? plain.shellScript
    : undefined;
}
