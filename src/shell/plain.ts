import type { Reading } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { programTable } from '../model/program-table.ts';
import { known } from '../model/word.ts';
import { carrierTable } from './carrier-table.ts';
import { codeProgram } from './languages/programs.ts';
import { isPlain } from './plain-words.ts';
import { configuredAlias, gitCall, runsHooks } from './tasks/git-repository.ts';

/** First words that mean more than "run this program": syntax, builtins that run code, readers of code, task runners. */
const alwaysNeedsGrammar = new Set(
  [
    'if then elif else fi for while until do done case esac select function time coproc in [[ { } !',
    'eval source . trap command builtin exec alias set export declare local readonly typeset',
    'sh bash dash zsh ksh mksh ash rbash fish yash busybox toybox xargs gxargs parallel',
    'sed gsed nu xonsh elvish rails spring django-admin manage.py',
    'pwsh powershell cmd make gmake just npm yarn pnpm composer task go-task rake rails poe pdm',
    'ansible-playbook run-s run-p npm-run-all tox nox foreman honcho overmind hivemind goreman forego mise rtx pre-commit prek lefthook act',
  ].flatMap((names) => names.split(' ')),
);

/** Words that make a program run what it is given. */
const carryingWords = new Map<string, RegExp>([
  ['git', /^(?:-c.*|--config-env.*|--exec-path.*)$/],
  ['hub', /^(?:-c.*|--config-env.*)$/],
  ['find', /^-(?:exec|execdir|ok|okdir)$/],
  ['gfind', /^-(?:exec|execdir|ok|okdir)$/],
  ['bfs', /^-(?:exec|execdir|ok|okdir)$/],
  ['fd', /^(?:-[xX].*|--exec.*)$/],
  ['fdfind', /^(?:-[xX].*|--exec.*)$/],
  ['aws', /^(?:send-command|start-session)$/],
  ['curl', /^(?:-[A-Za-z#0-9]*K.*|--conf.*)$/],
  ['curlie', /^(?:-[A-Za-z#0-9]*K.*|--conf.*)$/],
  ['heroku', /^local/],
  ['schtasks', /^\/\/?tr$/i],
  ['docker-compose', /^(?:up|run|start|restart|build|watch)$/],
  ['podman-compose', /^(?:up|run|start|restart|build|watch)$/],
  ['buildah', /^(?:bud|build)$/],
  ...'docker podman nerdctl finch podman-remote'
    .split(' ')
    .map((program): [string, RegExp] => [program, /^(?:compose|build|b|buildx)$/]),
]);

const rowsOf = programTable(carrierTable);

/** Whether these words make a program run something else. A row of the table that cannot apply does not count. */
function carries(program: string, args: readonly string[], facts: Facts): boolean {
  if (alwaysNeedsGrammar.has(program)) return true;
  const code = codeProgram(program);
  // `go test` runs no code of the call's; `go run FILE` does.
  if (
    code !== undefined &&
    (code.operand !== 'nothing' || args.some((arg) => code.after?.[arg] ?? !code.after))
  )
    return true;
  const pattern = carryingWords.get(program);
  if (pattern !== undefined && args.some((arg) => pattern.test(arg))) return true;
  if ((program === 'git' || program === 'hub') && (runsHooks(args, facts) || runsAlias(args, facts)))
    return true;
  return rowsOf(program).some((row) => {
    const [first = '*'] = row.after?.split(' ') ?? [];
    if (row.after !== undefined && first !== '*' && !args.includes(first)) return false;
    if (row.carries !== 'nothing') return true;
    const options = [...(row.shellOptions?.split(' ') ?? []), ...(row.argvOptions?.split(' ') ?? [])];
    return options.some((option) =>
      args.some(
        (arg) =>
          arg.startsWith(option) ||
          (option.length === 2 && /^-\w/.test(arg) && arg.includes(option.slice(1))),
      ),
    );
  });
}

const runsAlias = (args: readonly string[], facts: Facts): boolean => {
  const { verb } = gitCall(args);
  return configuredAlias(verb, facts.cwd, facts) !== undefined;
};

/**
 * Reads a line of plain words and nothing else, which white space splits exactly; undefined when the line needs the
 * grammar. The grammar takes longer to load than all the rest of the hook.
 */
export function readPlain(text: string, facts: Facts): Reading | undefined {
  if (!isPlain(text)) return undefined;
  const words = text.trim().split(/[ \t]+/);
  const [program = '', ...args] = words;
  if (carries(program.toLowerCase(), args, facts)) return undefined;
  const start = text.length - text.trimStart().length;
  const command = {
    words: words.map(known),
    environment: new Map(),
    redirections: [],
    cwd: facts.cwd,
    span: { start, end: text.trimEnd().length },
    via: [],
  };
  return { commands: [command], doubts: [], complete: true };
}
