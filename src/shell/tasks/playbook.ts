import type { Carried } from '../carriers.ts';
import { limits } from '../limits.ts';
import { subshell } from '../state.ts';
import { bounds } from './bounds.ts';
import {
  type Data,
  dataAt,
  fileText,
  hasSwitch,
  isData,
  listOf,
  optionsOf,
  runTask,
  textAt,
  textOf,
} from './project-file.ts';

const valueOptions =
  '-i --inventory -l --limit -e --extra-vars -u --user -t --tags --skip-tags -f --forks -c --connection -T --timeout --private-key --key-file --become-method --become-user --vault-id --vault-password-file -M --module-path --start-at-task';

/** `ansible-playbook FILE…`: the commands that its tasks run on other machines. What modules do there is their own affair. */
export function playbook(carried: Carried): void {
  const options = optionsOf(carried.args, valueOptions);
  if (
    hasSwitch(
      options,
      '-C',
      '--check',
      '--syntax-check',
      '--list-tasks',
      '--list-hosts',
      '--list-tags',
      '-h',
      '--help',
    )
  )
    return;
  let count = 0;
  const run = (tasks: unknown): void => {
    for (const task of listOf(tasks)) {
      if (!isData(task) || count++ > bounds.tasks) continue;
      for (const list of ['block', 'rescue', 'always']) run(task[list]);
      const text = commandOf(task);
      const state = subshell(carried.state);
      state.cwd = undefined;
      // A template is a value that nobody knows.
      if (text !== undefined)
        runTask(carried, state, 'ansible task', text.replaceAll(/\{\{.*?\}\}/gs, '$_unknown'));
    }
  };
  for (const file of options.operands.map(textOf)) {
    const text = fileText(carried, carried.state, file) ?? '';
    // The parser takes long over long files that are not valid.
    const plays = text.length > limits.text ? [] : carried.shell.readers.formats().parseYaml(text);
    for (const play of listOf(plays))
      if (isData(play)) for (const list of ['pre_tasks', 'tasks', 'post_tasks', 'handlers']) run(play[list]);
  }
}

/** The text that a task gives to a shell, or the command that it runs. */
function commandOf(task: Data): string | undefined {
  for (const module of ['shell', 'command', 'raw', 'win_shell', 'win_command'])
    for (const name of [module, `ansible.builtin.${module}`, `ansible.windows.${module}`]) {
      const text = textAt(task, name) ?? textAt(dataAt(task, name), 'cmd');
      if (text !== undefined) return text;
    }
  return undefined;
}
