import { programTable } from '../../model/program-table.ts';
import type { Carried } from '../carriers.ts';
import { composeFile } from './compose-file.ts';
import { dockerfile } from './dockerfile.ts';
import { gitHooks, lefthook, preCommit } from './git-hooks.ts';
import { just } from './justfile.ts';
import { make } from './makefile.ts';
import { mise } from './mise.ts';
import { composerScript, denoTask, manyScripts, packageScript } from './package-scripts.ts';
import { playbook } from './playbook.ts';
import { procfile } from './procfile.ts';
import { hatch, nox, pdm, pipenv, poe, pythonScript, taskipy, tox } from './python-project.ts';
import { rake } from './rakefile.ts';
import { taskfile } from './taskfile.ts';
import { workflows } from './workflows.ts';

type TaskRunner = {
  readonly programs: string;
  /** Runs what the task runner at hand would run. */
  readonly run: (carried: Carried) => void;
};

/** Programs that run what a file of the project says. One row each; a program may have several. */
export const taskRunners: readonly TaskRunner[] = [
  { programs: 'make gmake', run: make },
  { programs: 'npm yarn pnpm bun', run: packageScript },
  { programs: 'run-s run-p npm-run-all', run: manyScripts },
  { programs: 'ansible-playbook', run: playbook },
  { programs: 'composer', run: composerScript },
  { programs: 'deno', run: denoTask },
  { programs: 'just', run: just },
  { programs: 'task go-task', run: taskfile },
  { programs: 'task', run: taskipy },
  { programs: 'rake rails', run: rake },
  { programs: 'poe', run: poe },
  { programs: 'pdm', run: pdm },
  { programs: 'hatch', run: hatch },
  { programs: 'pipenv', run: pipenv },
  { programs: 'poetry uv pdm hatch rye', run: pythonScript },
  { programs: 'tox', run: tox },
  { programs: 'nox', run: nox },
  { programs: 'foreman honcho overmind hivemind goreman forego heroku', run: procfile },
  { programs: 'mise rtx', run: mise },
  { programs: 'docker podman nerdctl finch podman-remote docker-compose podman-compose', run: composeFile },
  { programs: 'docker podman nerdctl finch podman-remote buildah', run: dockerfile },
  { programs: 'git hub', run: gitHooks },
  { programs: 'pre-commit prek', run: preCommit },
  { programs: 'lefthook', run: lefthook },
  { programs: 'act', run: workflows },
];

export const taskRunnersOf = programTable(taskRunners);
