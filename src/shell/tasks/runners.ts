import type { Carried } from '../carriers.ts';
import { composeFile } from './compose-file.ts';
import { dockerfile } from './dockerfile.ts';
import { gitHooks, lefthook, preCommit } from './git-hooks.ts';
import { just } from './justfile.ts';
import { make } from './makefile.ts';
import { mise } from './mise.ts';
import { composerScript, denoTask, packageScript } from './package-scripts.ts';
import { procfile } from './procfile.ts';
import { hatch, nox, pdm, pipenv, poe, pythonScript, taskipy, tox } from './python-project.ts';
import { rake } from './rakefile.ts';
import { taskfile } from './taskfile.ts';
import { workflows } from './workflows.ts';

/** Runs what the task runner at hand would run. */
type Runner = (carried: Carried) => void;

/** Programs that run what a file of the project says. One row each; a program may have several. */
const table: readonly (readonly [programs: string, runner: Runner])[] = [
  ['make gmake', make],
  ['npm yarn pnpm bun', packageScript],
  ['composer', composerScript],
  ['deno', denoTask],
  ['just', just],
  ['task go-task', taskfile],
  ['task', taskipy],
  ['rake rails', rake],
  ['poe', poe],
  ['pdm', pdm],
  ['hatch', hatch],
  ['pipenv', pipenv],
  ['poetry uv pdm hatch rye', pythonScript],
  ['tox', tox],
  ['nox', nox],
  ['foreman honcho overmind hivemind goreman forego heroku', procfile],
  ['mise rtx', mise],
  ['docker podman nerdctl finch podman-remote docker-compose podman-compose', composeFile],
  ['docker podman nerdctl finch podman-remote buildah', dockerfile],
  ['git hub', gitHooks],
  ['pre-commit prek', preCommit],
  ['lefthook', lefthook],
  ['act', workflows],
];

export const taskRunners: ReadonlyMap<string, readonly Runner[]> = byProgram();

function byProgram(): Map<string, Runner[]> {
  const runners = new Map<string, Runner[]>();
  for (const [programs, runner] of table)
    for (const program of programs.split(' '))
      runners.set(program, [...(runners.get(program) ?? []), runner]);
  return runners;
}
