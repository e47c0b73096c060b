import type { Call } from '../model/call.ts';
import { type Certainty, either } from '../model/certainty.ts';
import type { Command, Doubt, Reading } from '../model/command.ts';
import type { Level } from '../model/config.ts';
import type { Decision, Excuse, Finding } from '../model/decision.ts';
import type { Landing } from '../model/environment.ts';
import type { Facts } from '../model/facts.ts';
import { programNames } from '../model/program.ts';
import type { FileRule, Rule, Severity, Tool } from '../model/rule.ts';
import type { StageInForce } from '../model/stage.ts';
import { known, showWord, textsOf, type Word } from '../model/word.ts';
import type { Arguments } from '../policy/arguments.ts';
import { landingOf } from '../policy/landing/recognise.ts';
import { type Fit, fitRule, readArguments } from '../policy/match.ts';
import { withPlan } from '../policy/predicates/plan.ts';
import type { PolicyLayer, PolicyStore } from '../policy/store.ts';
import { type Excusable, exceptionFor, type Origin, settle } from './adjust.ts';
import { isAlone } from './alone.ts';
import { fileCommands, toolCommand } from './call-commands.ts';
import { type CommandText, commandTexts } from './call-texts.ts';
import { effectOf } from './effect.ts';
import { fitCommand } from './excepted-command.ts';
import { callEffects, commandEffects, type FileEffect } from './file-effects.ts';
import { effectPaths, liesIn, matchFiles } from './guard-files.ts';
import { withLinks } from './made-links.ts';
import type { ParseYaml } from './skill-texts.ts';
import { type Act, stageFinding } from './stage.ts';
import { mostFields } from './tool-words.ts';

/** What a decision needs beside the call. */
export type Judge = {
  readonly policy: PolicyStore;
  /** Rules of the user's own, beside the policy. */
  readonly own?: readonly PolicyLayer[];
  /** What configuration files say, strongest first. */
  readonly levels?: readonly Level[];
  /** The time, in ISO 8601 (UTC). */
  readonly now?: string;
  readonly facts: Facts;
  /** Reads a text of the call. */
  readonly read: (text: CommandText) => Reading;
  /** Reads what stands before a skill's or an agent's text. Without it, what that starts is not read. */
  readonly parseYaml?: ParseYaml;
  /** Whether a call takes protection away in a Terraform file; without it, every change to one may. */
  readonly unprotects?: (touch: Touch) => Certainty;
  /** What a rule that matches only perhaps leads to. */
  readonly onUncertain: 'ask' | 'deny';
  /** The stage of the rollout, where there is one. */
  readonly stage?: StageInForce;
  /** Throws when the time for the decision is over. */
  readonly checkTime: () => void;
};

/** What happens to a file, for who can read it: the path where it is known, what is put there, by what. */
export type Touch = {
  readonly kind: 'write' | 'remove';
  readonly path: string | undefined;
  readonly input: Call['input'];
  readonly command?: Command;
  readonly written?: readonly Word[];
};

/** A text of the call and what was found in it. */
export type Examined = { readonly text: CommandText; readonly reading: Reading };
export type Examination = { readonly decision: Decision; readonly texts: readonly Examined[] };

/** Decides a call: deny before ask before pass, whatever the order of rules. Throws only what `checkTime` throws. */
export function decide(call: Call, judge: Judge): Decision {
  return examine(call, judge).decision;
}

/** Decides a call and keeps what was read on the way, for explanations. */
export function examine(call: Call, judge: Judge): Examination {
  const found: Outcome[] = [];
  const texts: Examined[] = [];
  const acts: Act[] = [];
  const follows =
    judge.stage !== undefined || judge.levels?.some(({ environments }) => environments.length > 0);
  found.push(...judgeFiles(callEffects(call), call, judge), ...judgeTool(call, judge));
  for (const text of commandTexts(call, judge.facts, judge.parseYaml ?? (() => undefined))) {
    const reading = judge.read(text);
    texts.push({ text, reading });
    for (const whole of distinct(reading.commands)) {
      judge.checkTime();
      const command =
        whole.words.length > mostWords ? { ...whole, words: whole.words.slice(0, mostWords) } : whole;
      const own =
        command.links === undefined ? judge : { ...judge, facts: withLinks(judge.facts, command.links) };
      const outcomes = judgeCommand(command, reading, own);
      if (follows) {
        const act = actOf(command, reading, outcomes, own);
        if (act !== undefined) acts.push(act);
      }
      found.push(...outcomes);
      if (!command.container) found.push(...judgeFiles(commandEffects(command), call, own, reading));
      if (whole.words.length > mostWords)
        found.push(unprovenFinding(`it has more than ${mostWords} words`, text.text, judge));
    }
    const doubt = doubtThatCounts(reading, text, judge);
    if (doubt) found.push(unprovenFinding(doubt.why, text.text, judge));
  }
  const { stage } = judge;
  if (stage !== undefined)
    for (const act of acts) {
      const finding = stageFinding(act, stage);
      if (finding !== undefined) found.push({ finding });
    }
  const decision = conclude(found, call.permissionMode, stage);
  if (acts.length === 0) return { decision, texts };
  const touched = acts.map(({ effect, landing }) => ({ effect, landing }));
  return { decision: { ...decision, touched }, texts };
}

/** Words of one command that are judged. */
const mostWords = 4096;

/** Each command once, wherever it stands: a line of thousands repeats itself. */
function distinct(commands: readonly Command[]): Iterable<Command> {
  if (commands.length < 64) return commands;
  const found = new Map<string, Command>();
  const written = [...new Set(commands.map(({ files }) => files))];
  for (const command of commands) {
    const { words, environment, redirections, cwd, input, files, links, container } = command;
    const around = [written.indexOf(files), [...(links ?? [])], container];
    const key = JSON.stringify([words, [...environment], redirections, cwd, input, around]);
    if (!found.has(key)) found.set(key, command);
  }
  return found.values();
}

/** What rules say of a tool by its name and its input, and of what it does to files. */
function judgeTool(call: Call, judge: Judge): Outcome[] {
  const own = toolCommand(call);
  if (own === undefined) return [];
  const commands = [own, ...fileCommands(call)];
  // What a server's process has for variables and files is not known, so none of this machine's counts.
  const reading: Reading = { commands, doubts: [], complete: false };
  const found = commands.flatMap((command) => {
    judge.checkTime();
    return [
      ...judgeCommand(command, reading, judge),
      ...judgeFiles(commandEffects(command), call, judge, reading),
    ];
  });
  const spokenOf = () =>
    commands.length > 1 || layersOf(judge).some(({ store }) => store.tool(call.tool) !== undefined);
  const unread = own.words.length > mostFields && spokenOf();
  return unread ? [...found, unprovenFinding('its input has too many fields', call.tool, judge)] : found;
}

/** What a command does in which environment, if it acts in any. */
function actOf(
  command: Command,
  reading: Reading,
  outcomes: readonly Outcome[],
  judge: Judge,
): Act | undefined {
  const [program] = command.words;
  const names = (program && programNames(program)) ?? [];
  const about = outcomes.map((one) => ('finding' in one ? one.finding : one.excuse));
  for (const name of names) {
    const tool = layersOf(judge)
      .map(({ store }) => store.tool(name))
      .find((found) => found !== undefined);
    if (tool === undefined) continue;
    const args = readArguments(tool, command, judge.facts);
    const effect = effectOf(tool, command, args, about.length > 0);
    if (effect === undefined || (tool.remote !== true && !actsElsewhere(tool))) continue;
    const landing =
      about.find((one) => one.landing !== undefined)?.landing ??
      landingFor(tool, command, args, { certainty: 'yes', operands: args.words }, reading, judge);
    return { command, program: name, effect, landing };
  }
  return undefined;
}

/** Whether a tool of this machine names environments by options of its own, as docker does with contexts. */
const actsElsewhere = ({ lands, endpoints }: Tool): boolean => lands !== undefined || endpoints !== undefined;

/** A rule that matched: it counts, or something excuses it. */
type Outcome = { readonly finding: Finding } | { readonly excuse: Excuse };

const layersOf = ({ policy, own = [] }: Judge): readonly PolicyLayer[] => [
  { level: 'built-in', store: policy },
  ...own,
];

function judgeCommand(command: Command, reading: Reading, judge: Judge): Outcome[] {
  const [program] = command.words;
  if (program === undefined) return [];
  const names = programNames(program);
  const certain: Certainty = program.kind === 'one-of' ? 'maybe' : 'yes';
  return layersOf(judge).flatMap(({ level, store }) => {
    if (names === undefined)
      return store
        .pointedAt(command.words.slice(1).flatMap((word) => textsOf(word) ?? []))
        .flatMap((tool) => judgeRules(tool, command, reading, 'maybe', level, judge));
    return names.flatMap((name) => {
      const tool = store.tool(name);
      const own =
        level === 'built-in' && isInterpreter.test(name) ? judgeOwnProgram(command, reading, judge) : [];
      return tool === undefined
        ? own
        : [...own, ...judgeRules(tool, command, reading, certain, level, judge)];
    });
  });
}

const isInterpreter = /^(?:node|nodejs|bun)$/;

/** `node …/dist/cli.cjs resume` is `blastguard resume`. */
function judgeOwnProgram(command: Command, reading: Reading, judge: Judge): Outcome[] {
  const at = command.words.findIndex((word, i) => i > 0 && !showWord(word).startsWith('-'));
  const script = command.words[at];
  if (script?.kind !== 'known') return [];
  const path = judge.facts.realPath(
    script.text.startsWith('/') ? script.text : `${command.cwd ?? judge.facts.cwd}/${script.text}`,
  );
  const own =
    /(?:^|\/)blastguard$/.test(script.text) ||
    (/(?:^|\/)cli\.cjs$/.test(path) && judge.facts.guard.program.some((dir) => path.startsWith(`${dir}/`)));
  const tool = own ? judge.policy.tool('blastguard') : undefined;
  return tool === undefined
    ? []
    : judgeRules(
        tool,
        { ...command, words: [known('blastguard'), ...command.words.slice(at + 1)] },
        reading,
        'yes',
        'built-in',
        judge,
      );
}

function judgeRules(
  tool: Tool,
  command: Command,
  reading: Reading,
  limit: 'yes' | 'maybe',
  level: Origin,
  judge: Judge,
): Outcome[] {
  const args = readArguments(tool, command, judge.facts);
  return tool.rules.flatMap((rule) => {
    judge.checkTime();
    if (command.container && isOfMachine(rule)) return [];
    const alone = () => appliesAlone(command, reading, judge);
    const fit = fitRule(rule, tool, command, args, judge.facts, alone);
    if (fit.certainty === 'no') return [];
    if (rule.onUncertain === 'pass' && (fit.certainty === 'maybe' || limit === 'maybe')) return [];
    const matched = { tool, command, args, operands: fit.operands, alone };
    const match: RuleMatch = {
      rule: {
        ...rule,
        reason: withPlan(rule.reason, matched, judge.facts),
        instead: withPlan(rule.instead, matched, judge.facts),
      },
      level,
      certainty: limit === 'maybe' ? 'maybe' : fit.certainty,
      subject: command.words.map(showWord).join(' '),
      landing: landingFor(tool, command, args, fit, reading, judge),
      command,
      rest: fit.operands,
    };
    return [outcomeOf(match, judge)];
  });
}

/** Packs about the machine that a command runs on. In a container that is not the one the call is made on. */
const machinePacks = new Set(
  'filesystem system services packages users processes windows network git sqlite backups vms task-runners'.split(
    ' ',
  ),
);
const isOfMachine = ({ id }: Rule): boolean => machinePacks.has(id.slice(0, id.indexOf('/')));

/** Whether nothing else in the text can change the plan file that a command applies. */
function appliesAlone(command: Command, reading: Reading, { policy, facts }: Judge): boolean {
  const plans = reading.commands.some((other) => other !== command && mayPlan(other));
  return !plans && isAlone(command, reading, policy, facts);
}

const mayPlan = ({ words: [program, verb] }: Command): boolean =>
  program !== undefined &&
  programNames(program)?.some((name) => /^(?:terraform|tofu|terragrunt)$/.test(name)) !== false &&
  !(verb?.kind === 'known' && /^(?:show|version|output|validate|fmt)$/.test(verb.text));

function landingFor(
  tool: Tool,
  command: Command,
  args: Arguments,
  { operands }: Fit,
  reading: Reading,
  { policy, levels = [], facts }: Judge,
): Landing {
  const alone = () => isAlone(command, reading, policy, facts);
  return landingOf({ tool, command, args, operands, paths: [], cwd: command.cwd, alone }, levels, facts);
}

function judgeFiles(effects: readonly FileEffect[], call: Call, judge: Judge, reading?: Reading): Outcome[] {
  if (effects.length === 0) return [];
  const { facts } = judge;
  return layersOf(judge).flatMap(({ level, store }) =>
    effects.flatMap((effect) =>
      store.files(effect.kind).flatMap((rule) => {
        const patterns = { read: rule.reads, write: rule.writes, remove: rule.removes }[effect.kind];
        const fits = matchFiles(patterns, effect, facts, call);
        const certainty = changeCertainty(rule, fits, effect, call, judge, reading);
        if (certainty === 'no') return [];
        const { command, path, cwd } = effect;
        const subject = command
          ? command.words.map(showWord).join(' ') || `> ${showWord(path)}`
          : `${call.tool} ${showWord(path)}`;
        const alone = () =>
          command === undefined || (reading !== undefined && isAlone(command, reading, judge.policy, facts));
        const place = { ...(command ? { command } : {}), operands: [], paths: [path], cwd, alone };
        const landing = landingOf(place, judge.levels ?? [], facts);
        const about = { rule, level, certainty, subject, landing, effect, rest: [] } as const;
        return [outcomeOf(command ? { ...about, command } : about, judge)];
      }),
    ),
  );
}

/** Whether a rule about files holds for an effect. Of a file that is not known, only what the command says counts. */
function changeCertainty(
  { change }: FileRule,
  fits: boolean,
  effect: FileEffect,
  call: Call,
  { facts, unprotects }: Judge,
  reading?: Reading,
): Certainty {
  if (change === undefined) return fits ? 'yes' : 'no';
  const { command, kind, mode } = effect;
  if (kind === 'read' || mode === true) return 'no';
  const paths = fits ? effectPaths(effect, facts) : [];
  if (!fits && !(command && mayBeAny(effect) && speaksOfProtection(command))) return 'no';
  if (unprotects === undefined) return 'maybe';
  return (fits ? paths : [undefined])
    .map((path) => {
      const written = path === undefined ? undefined : reading?.written?.get(path);
      const touch = { kind, path, input: call.input, ...(command ? { command } : {}) };
      return unprotects(written === undefined ? touch : { ...touch, written });
    })
    .reduce(either, 'no');
}

const mayBeAny = ({ path }: FileEffect): boolean => path.kind === 'unknown' || /[*?[{]/.test(showWord(path));

const speaksOfProtection = ({ words }: Command): boolean =>
  words.some((word) =>
    /prevent_destroy|_protection|skip_final|force_de|_on_de|_window_in|retention/.test(showWord(word)),
  );

/** A rule that matched, before anything that configuration says. */
type RuleMatch = {
  readonly rule: Rule | FileRule;
  readonly level: Origin;
  readonly certainty: 'yes' | 'maybe';
  readonly subject: string;
  readonly landing: Landing;
  readonly command?: Command;
  readonly effect?: FileEffect;
  readonly rest: Fit['operands'];
};

/** What a match comes to: by the class of where it lands, by the decisions and exceptions that are configured. */
function outcomeOf(match: RuleMatch, judge: Judge): Outcome {
  const { rule, level, certainty, subject, landing, command, effect, rest } = match;
  const levels = judge.levels ?? [];
  const { id, title, severity, reason, instead } = rule;
  const { verdict, by, held } = settle(rule, level, landing, levels);
  if (verdict === 'pass') {
    const ownClass = by === level;
    return {
      excuse: {
        rule: id,
        subject,
        by: ownClass ? 'class' : 'decision',
        level: by,
        reason: ownClass ? `it lands in a ${landing.class}: ${landing.why}` : 'its decision is `pass`',
        landing,
      },
    };
  }
  const finding: Finding = {
    rule: id,
    title,
    severity,
    // A line that cannot be proven is uncertain by nature: its decision is the one for that.
    verdict: certainty === 'yes' || id === unproven ? verdict : judge.onUncertain,
    certainty,
    subject,
    via: command?.via ?? [],
    reason,
    instead,
    landing,
    ...(held ? { held } : {}),
  };
  if (levels.length === 0) return { finding };
  const excusable: Excusable = {
    finding,
    rest,
    fitCommand: (line) => fitCommand(line, command, layersOf(judge), judge.facts),
    liesIn: (globs) => effect !== undefined && liesIn(globs, effect, judge.facts),
  };
  const { excuse, lapsed } = exceptionFor(excusable, levels, judge.now ?? '9999');
  if (excuse !== undefined) return { excuse };
  return { finding: lapsed === undefined ? finding : { ...finding, lapsed } };
}

/** Doubts about the syntax count where the line could be dangerous. */
function doubtThatCounts({ doubts }: Reading, { text }: CommandText, judge: Judge): Doubt | undefined {
  if (doubts.length === 0) return undefined;
  return (
    doubts.find(({ about }) => about !== 'syntax') ?? (mentionsDanger(text, judge) ? doubts[0] : undefined)
  );
}

/**
 * Whether a line that is not valid shell names a program that a rule speaks of, or one that runs code. Bash rejects
 * such a line; where it names neither, nothing is gained by asking about it.
 */
function mentionsDanger(text: string, judge: Judge): boolean {
  const names = new Set(text.match(/[A-Za-z0-9_.+-]+/g)?.slice(0, 1000));
  return [...names].some(
    (name) =>
      /^(?:eval|source|exec|(?:ba|z|da|k|a)?sh)$/.test(name) ||
      layersOf(judge).some(({ store }) => store.tool(name) !== undefined),
  );
}

const unproven = 'shell/unproven';

function unprovenFinding(why: string, text: string, judge: Judge): Outcome {
  const rule: FileRule = {
    id: unproven,
    title: 'The line cannot be read to the end',
    severity: 'medium',
    decision: judge.onUncertain,
    onUncertain: 'ask',
    reads: [],
    writes: [],
    removes: [],
    reason: `What this line would run cannot be proven before it runs: ${why}.`,
    instead:
      'Write the commands out plainly, one at a time, with quotes closed and values in place of what is computed.',
  };
  const landing: Landing = { class: 'production', certain: true, why: 'what it runs is not known' };
  return outcomeOf({ rule, level: 'built-in', certainty: 'maybe', subject: text, landing, rest: [] }, judge);
}

const weight: Readonly<Record<Severity, number>> = { critical: 3, high: 2, medium: 1, low: 0 };
const strictness = (finding: Finding): number =>
  (finding.verdict === 'deny' ? 10 : 0) + (finding.certainty === 'yes' ? 5 : 0) + weight[finding.severity];

/** Modes in which somebody may be there to answer a question. */
const attended = new Set(['default', 'manual', 'acceptEdits', 'plan', 'auto']);

function conclude(found: readonly Outcome[], permissionMode: string, stage?: StageInForce): Decision {
  const decision = weigh(found, permissionMode);
  const kept = (finding: Finding) => finding.severity === 'critical' || finding.held === true;
  if (stage?.rules.observes !== true || decision.verdict === 'pass' || decision.findings.every(kept))
    return decision;
  const enforced = found.filter((one) => 'excuse' in one || kept(one.finding));
  const observed = { verdict: decision.verdict, findings: decision.findings.filter((one) => !kept(one)) };
  return { ...weigh(enforced, permissionMode), observed };
}

function weigh(found: readonly Outcome[], permissionMode: string): Decision {
  const distinct = new Map<string, Finding>();
  const excused = new Map<string, Excuse>();
  for (const one of found) {
    if ('excuse' in one) {
      excused.set(`${one.excuse.rule}\n${one.excuse.subject}`, one.excuse);
      continue;
    }
    const { finding } = one;
    const key = `${finding.rule}\n${finding.subject}`;
    const have = distinct.get(key);
    if (have === undefined || strictness(finding) > strictness(have)) distinct.set(key, finding);
  }
  const findings = [...distinct.values()].sort((a, b) => strictness(b) - strictness(a));
  const rest = { findings, ...(excused.size === 0 ? {} : { excused: [...excused.values()] }) };
  const [strictest] = findings;
  if (strictest === undefined) return { verdict: 'pass', ...rest };
  if (strictest.verdict === 'deny' || !attended.has(permissionMode)) return { verdict: 'deny', ...rest };
  return { verdict: 'ask', ...rest };
}
