import type { Examination } from '../../engine/decide.ts';
import { loadConfig } from '../../host/config.ts';
import { configPlaces } from '../../host/config-files.ts';
import { gatherFacts } from '../../host/facts.ts';
import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { readStdin } from '../../host/stdin.ts';
import { sharedDirs } from '../../killswitch/remote.ts';
import { compiler } from '../../lazy.ts';
import type { Call } from '../../model/call.ts';
import { textsOf } from '../../model/word.ts';
import type { LevelReport } from '../../policy/compile-config.ts';
import type { PolicyStore } from '../../policy/store.ts';
import { decodeCall } from '../../protocol/claude-code.ts';
import { configNotes } from '../../report/config-notes.ts';
import { denialForModel } from '../../report/denial.ts';
import { explain } from '../../report/explain.ts';
import { type Arguments, suggestion, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { faultText } from '../fault.ts';
import { judgeCall, stageNow } from '../judge.ts';
import { directoryNamed } from '../scope.ts';
import { type ExitCode, printable, type Terminal } from '../terminal.ts';

export const check: CliCommand = {
  name: 'check',
  summary: 'Explain what would be decided about a command, without running it.',
  usage: "'COMMAND'",
  operands: true,
  options: {
    tool: { value: 'NAME', help: 'the tool of the call (default: Bash)' },
    input: { value: 'JSON', help: "the tool's input" },
    cwd: { value: 'DIR', help: 'where the call is made (default: here)' },
    mode: { value: 'MODE', help: 'permission mode of the session (default: auto)' },
    json: { help: 'print the decision as JSON' },
    jsonl: { help: 'read a PreToolUse payload a line, write a decision a line' },
    commands: { help: 'with --json or --jsonl: add the commands that were read' },
  },
  examples: [
    ["blastguard check 'cd infra && terraform destroy'", 'show which rule stops it and why'],
    ['blastguard check --tool Write --input \'{"file_path":"/etc/hosts","content":""}\'', 'another tool'],
  ],
  exits: [
    [0, 'the call passes; with --jsonl: every line was answered'],
    [1, 'it cannot be judged'],
    [2, 'it is denied'],
    [3, 'it is asked about'],
  ],
  run(args, terminal) {
    const policy = openBuiltInPolicy();
    const notes = (reports: readonly LevelReport[]) =>
      configNotes(reports).map((note) => `${terminal.colours.red(printable(note))}\n`);
    if (args.flag('commands') && !args.flag('json') && !args.flag('jsonl'))
      throw new UsageError('--commands needs --json or --jsonl');
    if (args.flag('jsonl')) return checkLines(policy, args.flag('commands'), terminal);
    const call = callFrom(args, terminal);
    const { examined, reports } = judge(call, policy);
    const { verdict } = examined.decision;
    if (args.flag('json'))
      terminal.out(`${JSON.stringify(answerOf(call, examined, args.flag('commands')))}\n`);
    else terminal.out(`${explain(call, examined, terminal.colours)}${notes(reports).join('')}`);
    return exitCodes[verdict];
  },
};

const exitCodes = { pass: 0, deny: 2, ask: 3 } as const;

function callFrom(args: Arguments, terminal: Terminal): Call {
  const [command, ...surplus] = args.operands;
  const tool = args.text('tool') ?? 'Bash';
  const given = args.text('input');
  if (surplus.length > 0)
    throw new UsageError('more than one command: put the whole command in one pair of quotes');
  if ((command === undefined) === (given === undefined))
    throw new UsageError('name a command to check, or a tool and its input with `--tool` and `--input`');
  return {
    event: 'PreToolUse',
    tool,
    input: given === undefined ? { command } : parseInput(given),
    cwd: directoryNamed(args.text('cwd') ?? '.', terminal),
    permissionMode: modeOf(args),
    sessionId: 'check',
  };
}

const modes = ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypassPermissions'];

function modeOf(args: Arguments): string {
  const mode = args.text('mode') ?? 'auto';
  if (!modes.includes(mode))
    throw new UsageError(`unknown mode \`${mode}\`${suggestion(mode, modes)}: ${modes.join(', ')}`);
  return mode;
}

function parseInput(text: string): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input };
  } catch {
    // said below
  }
  throw new UsageError('`--input` is not a JSON object');
}

type Judged = { readonly examined: Examination; readonly reports: readonly LevelReport[] };

function judge(call: Call, policy: PolicyStore): Judged {
  let shared: readonly string[] = [];
  const facts = gatherFacts(call, process.env, undefined, () => shared);
  const places = configPlaces(process.env, facts.projectDir);
  const loaded = loadConfig(
    places,
    process.env,
    () => policy,
    () => compiler().compileConfig,
  );
  shared = sharedDirs(loaded.config);
  const stage = stageNow(loaded, call.sessionId, process.env);
  return { examined: judgeCall(call, policy, loaded, stage, facts), reports: loaded.reports() };
}

/** One payload a line, one decision a line, in order. What cannot be judged is a denial that says so. */
function checkLines(policy: PolicyStore, withCommands: boolean, terminal: Terminal): ExitCode {
  for (const line of readStdin(1 << 30)
    .toString()
    .split('\n')) {
    if (line.trim() === '') continue;
    terminal.out(`${JSON.stringify(answerLine(line, policy, withCommands))}\n`);
  }
  return 0;
}

function answerLine(line: string, policy: PolicyStore, withCommands: boolean): object {
  let id: string | undefined;
  try {
    const call = decodeCall(line);
    id = call.toolUseId;
    return answerOf(call, judge(call, policy).examined, withCommands);
  } catch (error) {
    const reason = `blastguard could not judge this call: ${faultText(error)}`;
    return {
      tool_use_id: id ?? idOf(line),
      verdict: 'deny',
      findings: [],
      reason,
      ...(withCommands ? { commands: [], complete: false } : {}),
    };
  }
}

function idOf(line: string): string | null {
  return /"tool_use_id"\s*:\s*"([^"\\]*)"/.exec(line)?.[1] ?? null;
}

function answerOf(call: Call, { decision, texts }: Examination, withCommands: boolean): object {
  return {
    tool_use_id: call.toolUseId ?? null,
    verdict: decision.verdict,
    findings: decision.findings.map(({ rule, severity, certainty, subject, via, landing }) => ({
      rule,
      severity,
      certainty,
      subject,
      via,
      ...(landing === undefined ? {} : { environment: landing }),
    })),
    ...(decision.excused === undefined ? {} : { excused: decision.excused }),
    ...(decision.observed === undefined ? {} : { observed: decision.observed }),
    ...(decision.touched === undefined ? {} : { touched: decision.touched }),
    reason: decision.verdict === 'pass' ? '' : denialForModel(decision, []),
    ...(withCommands
      ? {
          commands: texts.flatMap(({ reading }) =>
            reading.commands
              .filter((command) => command.words.length > 0)
              .map((command) =>
                command.words.map((word) => (word.kind === 'known' ? (textsOf(word)?.[0] ?? null) : null)),
              ),
          ),
          complete: texts.every(({ reading }) => reading.complete),
        }
      : {}),
  };
}
