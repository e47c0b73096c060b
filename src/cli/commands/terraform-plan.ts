import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { realPath } from '../../host/facts.ts';
import { projectRoot, stateDir } from '../../host/places.ts';
import { planDigest, recordPlan } from '../../host/plan-record.ts';
import { readStdin } from '../../host/stdin.ts';
import type { Plan } from '../../terraform/plan.ts';
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText, readOperand } from '../fault.ts';
import { directoryNamed } from '../scope.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';
import { typeOption, typesOf } from './terraform-audit.ts';

const LARGEST = 1 << 30;

export const terraformPlan: CliCommand = {
  name: 'terraform plan',
  summary: 'Say what a saved plan deletes or replaces, and remember it for the hook; exit 2 when data goes.',
  usage: 'PLANFILE | plan.json | -  [--chdir DIR] [--program NAME] [--json | --markdown] [--type GLOB,…]',
  operands: true,
  options: {
    chdir: { value: 'DIR', help: 'where the plan was made, as with `terraform -chdir`' },
    program: {
      value: 'NAME',
      help: 'terraform or tofu (default: what made the lock file, else what is there)',
    },
    json: { help: 'answer in JSON' },
    markdown: { help: 'answer in Markdown, for a comment on a pull request' },
    type: typeOption,
  },
  examples: [
    ['terraform plan -out=tfplan && blastguard terraform plan tfplan', 'inspect a plan before it is applied'],
    ['terraform show -json tfplan | blastguard terraform plan -', 'only look, without remembering it'],
  ],
  exits: [
    [0, 'nothing with data is deleted or replaced'],
    [1, 'it cannot be told, or the plan could not be remembered'],
    [2, 'something with data is'],
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [name, ...surplus] = args.operands;
  if (name === undefined || surplus.length > 0)
    throw new UsageError('name one plan: a file, or `-` for standard input');
  args.exclusive('json', 'markdown');
  const { readPlan, PlanError } = await import('../../terraform/plan.ts');
  const { planMarkdown, planTable, verdictOf } = await import('../../report/plan.ts');
  const dir = directoryNamed(args.text('chdir') ?? '.', terminal);
  const given = name === '-' ? { json: readStdin(LARGEST).toString() } : contentOf(name, dir);
  const shown = 'json' in given ? undefined : showPlan(given.file, args, dir, terminal);
  let plan: Plan;
  try {
    plan = readPlan('json' in given ? given.json : (shown?.json ?? ''), typesOf(args));
  } catch (error) {
    if (error instanceof PlanError) throw new Error(`${name}: ${error.message}`);
    throw error;
  }
  const verdict = plan.losses.length > 0 ? 'destructive' : plan.incomplete ? 'incomplete' : 'safe';
  const remembered = shown !== undefined && remember(shown, plan, verdict, terminal);
  if (args.flag('json'))
    terminal.out(`${JSON.stringify({ verdict, digest: shown?.digest ?? null, remembered, ...plan })}\n`);
  else if (args.flag('markdown')) terminal.out(planMarkdown(plan));
  else {
    terminal.out(printableLines(planTable(plan, terminal.colours)));
    if (shown === undefined)
      terminal.out('Only looked at: the hook knows a plan by its file, not by its JSON.\n');
    else if (remembered && verdict === 'safe')
      terminal.out('The hook lets this very file be applied for one hour.\n');
    else if (remembered) terminal.out(`The hook denies applying it: ${verdictOf(plan)}.\n`);
  }
  if (verdict === 'destructive') return 2;
  return verdict === 'incomplete' || (shown !== undefined && !remembered) ? 1 : 0;
}

/** Names come from a plan that anyone may have made: what would drive the terminal is spelled out. */
const printableLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/[^\u001b]+/g, (part) => printable(part)))
    .join('\n');

function contentOf(name: string, dir: string): { readonly json: string } | { readonly file: string } {
  const file = resolve(dir, name);
  // Reading a pipe would leave nothing for Terraform to read.
  if (statSync(file, { throwIfNoEntry: false })?.isFIFO())
    throw new UsageError(`\`${name}\` is a pipe: name the plan's file`);
  const bytes = readOperand(name, dir);
  const head = bytes
    .subarray(0, 4096)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  // OpenTofu encrypts a plan into an object of its own, and a plan of HCP Terraform is one that names a run.
  if (!head.startsWith('{') || /"(?:encrypted_data|encryption_version|remote_plan_format)"/.test(head))
    return { file };
  return { json: bytes.toString() };
}

type Shown = {
  readonly json: string;
  readonly digest: string;
  readonly file: string;
  /** Why what the program said of it cannot be relied on. */
  readonly doubt?: string;
};

function showPlan(file: string, args: Arguments, dir: string, terminal: Terminal): Shown {
  const from = args.text('chdir') === undefined ? workingDir(dir, dirname(file)) : dir;
  const program = programFor(args.text('program'), from, terminal);
  const digest = planDigest(file);
  if (process.stderr.isTTY) terminal.err(`${program} shows the plan …`);
  const run = spawnSync(program, ['show', '-json', '-no-color', file], {
    cwd: from,
    env: cleanEnvironment(terminal.env),
    maxBuffer: LARGEST,
    timeout: 10 * 60 * 1000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (process.stderr.isTTY) terminal.err('\r\u001b[K');
  if (run.error) throw new Error(`cannot run ${program}: ${run.error.message}`);
  if (run.status !== 0) {
    const said = printable(
      run.stderr.toString().replace(/[│╷╵]/g, '').trim().split('\n').slice(0, 12).join(' '),
    );
    throw new Error(
      `${program} cannot show \`${file}\` from \`${from}\` (status ${run.status}): ${said.replace(/⏎| +/g, ' ')}; \`--chdir\` names the directory that it was planned in`,
    );
  }
  if (planDigest(file) !== digest) throw new Error(`\`${file}\` changed while it was read`);
  const doubt = doubtAbout(program, terminal);
  return { json: run.stdout.toString(), digest, file, ...(doubt === undefined ? {} : { doubt }) };
}

/** Terraform shows a plan from the directory that has its providers. */
const workingDir = (here: string, beside: string): string =>
  !existsSync(join(here, '.terraform')) && existsSync(join(beside, '.terraform')) ? beside : here;

function programFor(named: string | undefined, dir: string, terminal: Terminal): string {
  if (named !== undefined && named !== 'terraform' && named !== 'tofu')
    throw new UsageError('`--program` is terraform or tofu');
  const lock = join(dir, '.terraform.lock.hcl');
  const tofu = existsSync(lock) && readFileSync(lock, 'utf8').includes('registry.opentofu.org');
  const wanted = named !== undefined ? [named] : tofu ? ['tofu', 'terraform'] : ['terraform', 'tofu'];
  for (const name of wanted) {
    const found = onPath(name, terminal);
    if (found !== undefined) return found;
  }
  throw new Error(`${wanted.join(' or ')} is needed to read a plan file, and is not on the PATH`);
}

/** The program as the PATH has it; entries that depend on where one stands do not count. */
function onPath(name: string, { env }: Terminal): string | undefined {
  const ends = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const dir of (env.PATH ?? env.Path ?? '').split(delimiter).filter(isAbsolute)) {
    for (const end of ends) {
      const file = join(dir, name + end);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // not here
      }
    }
  }
  return undefined;
}

/** Variables that add words to `show`, or write where its answer is expected, do not count. */
const cleanEnvironment = (env: Terminal['env']): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^TF_(?:CLI_ARGS.*|LOG.*|REATTACH_PROVIDERS)$/.test(name)),
  ),
  CHECKPOINT_DISABLE: '1',
});

/** A terraform that lies where the agent works may be anything. */
function doubtAbout(program: string, terminal: Terminal): string | undefined {
  const real = realPath(program);
  const own = [
    terminal.cwd,
    projectRoot(terminal.cwd, terminal.env),
    '/tmp',
    '/var/tmp',
    terminal.env.TMPDIR ?? '/tmp',
  ];
  return own.map((dir) => realPath(dir)).some((dir) => dir !== '/' && real.startsWith(`${dir}/`))
    ? `${program} lies in the project or among temporary files, so what it says is not relied on`
    : undefined;
}

function remember(
  shown: Shown,
  plan: Plan,
  verdict: 'safe' | 'destructive' | 'incomplete',
  terminal: Terminal,
): boolean {
  if (shown.doubt !== undefined) {
    terminal.err(`blastguard: not remembered: ${printable(shown.doubt)}\n`);
    return false;
  }
  try {
    const losses = plan.losses.map(({ address }) => address);
    recordPlan(shown.digest, { time: Date.now(), file: shown.file, verdict, losses }, terminal.env);
    return true;
  } catch (error) {
    const cause = faultText(error);
    terminal.err(
      `blastguard: not remembered, so the hook will deny applying it (${stateDir(terminal.env)}): ${printable(cause)}\n`,
    );
    return false;
  }
}
