import type { Command, Doubt, Reading, Redirection, Span } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import { quoted } from '../model/shell-quote.ts';
import { known, textsOf, type Word } from '../model/word.ts';
import { evaluate, evaluateText } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { runBuiltin } from './builtins.ts';
import { unwrap } from './carriers.ts';
import { eachChild, isLiteralBody } from './children.ts';
import {
  type Expander,
  expandFields,
  expandParts,
  expandPattern,
  expandText,
  product,
  withoutBraces,
} from './expand.ts';
import { patternSource } from './glob-pattern.ts';
import { limits } from './limits.ts';
import { outputOf } from './outputs.ts';
import { type ParsedScript, parseShell, parseWord, type SyntaxNode } from './parse.ts';
import { baseOf, resolvePath } from './path.ts';
import { runPowerShell } from './powershell.ts';
import type { Readers } from './readers.ts';
import {
  branchOf,
  isArray,
  joinValues,
  joinWords,
  merge,
  oneOf,
  type State,
  setVariable,
  startState,
  subshell,
  unknown,
} from './state.ts';

type Node<T extends SyntaxNode['type']> = Extract<SyntaxNode, { type: T }>;
type Redirect = Node<'Redirect'> | Node<'HereString'> | Node<'HereDoc'>;

/** Where a command stands: the text it was read from, what carried it there, and what it reads. */
export type Frame = {
  readonly via: readonly string[];
  readonly depth: number;
  /** Where in the call's own text; set once the text is one that a command carries. */
  readonly origin: Span | undefined;
  /** Standard input; undefined: that of the session. */
  readonly input: Word | undefined;
  /** Whether it runs in a container: what it does to files and services is not done to those of this machine. */
  readonly container: boolean;
};

/** Thrown when a call does more than the limits allow; what was read so far stands, and the reading is incomplete. */
class TooMuch extends Error {}

/** Reads everything that a shell text would run. Never throws: what cannot be read makes the reading incomplete. */
export function interpret(text: string, facts: Facts, checkTime: () => void, readers: Readers): Reading {
  const interpreter = new Interpreter(facts, checkTime, readers);
  interpreter.runText(known(text), startState(facts.cwd), {
    via: [],
    depth: 0,
    origin: undefined,
    input: undefined,
    container: false,
  });
  return interpreter.reading();
}

/** The same for the text of a PowerShell call. */
export function interpretPowerShell(
  text: string,
  facts: Facts,
  checkTime: () => void,
  readers: Readers,
): Reading {
  const interpreter = new Interpreter(facts, checkTime, readers);
  runPowerShell(known(text), startState(facts.cwd), interpreter, 'PowerShell');
  return interpreter.reading();
}

const hasBraces = (node: SyntaxNode): boolean =>
  node.type === 'Word' && node.parts?.some((part) => part.type === 'BraceExpansion') === true;

/** Walks a syntax tree in the order of execution, with what is known of every value, and collects the commands. */
export class Interpreter implements Expander {
  readonly facts: Facts;
  private readonly checkTime: () => void;
  readonly readers: Readers;
  private readonly commands = new Map<string, Command>();
  private readonly doubts: Doubt[] = [];
  /** What is put into files, by path, in order. */
  private readonly contents = new Map<string, readonly Word[]>();
  private steps = 0;
  private size = 0;
  private pipes = 0;
  /** Whether an expression was met for which the shell may give up the command, which then writes nothing. */
  private mayFail = false;
  private frame: Frame = {
    via: [],
    depth: 0,
    origin: undefined,
    input: undefined,
    container: false,
  };
  /** Commands that are being read, of the function at hand. */
  private running: SyntaxNode[] = [];
  /** Functions that are being read, and what each was called with. */
  private readonly called: { readonly body: SyntaxNode; readonly args: string; readonly beside: number }[] =
    [];
  /** How many pipes and `&` there are around the command at hand. */
  private beside = 0;
  /** For each loop around, what is true where it may be left. */
  private readonly loops: State[][] = [];

  constructor(facts: Facts, checkTime: () => void, readers: Readers) {
    this.facts = facts;
    this.checkTime = checkTime;
    this.readers = readers;
  }

  reading(): Reading {
    return {
      commands: [...this.commands.values()],
      doubts: this.doubts,
      complete: this.doubts.length === 0,
      ...(this.contents.size === 0 ? {} : { written: this.contents }),
    };
  }

  doubt(why: string, span?: Span, about: Doubt['about'] = 'code'): void {
    // Unknown code is everyday where an image is built (`curl … | sh`), and nothing of this machine is at stake.
    if (this.frame.container) return;
    const at = span ?? this.frame.origin ?? { start: 0, end: 0 };
    if (!this.doubts.some((doubt) => doubt.why === why)) this.doubts.push({ about, why, span: at });
  }

  private step(): void {
    this.steps++;
    if (this.steps % 256 === 0) this.checkTime();
    if (this.steps > limits.steps) throw new TooMuch();
  }

  /** Runs shell text in a state. Returns what it writes to standard output. */
  runText(text: Word, state: State, frame: Frame): Word {
    const texts = textsOf(text);
    if (texts === undefined) return this.runPartlyKnown(text, state, frame);
    if (frame.depth > limits.depth) {
      this.doubt('commands are nested too deeply to be read', frame.origin);
      return unknown('it is nested too deeply');
    }
    const outputs = texts.map((source) => {
      if (source.length > limits.text) {
        this.doubt('the text is too long to be read', frame.origin);
        return unknown('it is too long to be read');
      }
      const outer = this.frame;
      this.frame = frame;
      const visited = new Set<SyntaxNode>();
      try {
        const { script, doubts, refused } = parseShell(source);
        for (const gap of frame.container ? [] : doubts)
          this.doubt(gap.why, frame.origin ?? { start: gap.start, end: gap.end }, gap.about);
        const output = this.list(script.commands, state, visited);
        this.sweep(script, state, visited);
        this.end(state);
        return refused ? unknown('no shell accepts it', { many: true }) : output;
      } catch (error) {
        // A range error is the end of the stack: what is nested deeper than that no shell reads either.
        if (!(error instanceof TooMuch || error instanceof RangeError)) throw error;
        this.doubt('it does too much to be read');
        return unknown('it does too much to be read');
      } finally {
        this.frame = outer;
      }
    });
    return outputs.length === 1 && outputs[0] ? outputs[0] : oneOf(outputs, 'too many possible values');
  }

  /** Text with holes: each hole is read as a variable of which nothing is known. */
  private runPartlyKnown(text: Word, state: State, frame: Frame): Word {
    if (text.kind !== 'unknown') return unknown('it cannot be known');
    const [first] = text.pieces;
    const onlyHole = text.pieces.every((piece) => piece === null || piece.trim() === '');
    if (onlyHole || (first === null && !/^\s*[/\w.-]*\s+\S/.test(text.pieces[1] ?? ''))) {
      this.doubt(`code that cannot be known before it runs (${text.why})`, frame.origin);
      return unknown(text.why);
    }
    // What stands before a hole may make something else of it: `\\` quotes its start, `$` names a variable with it.
    // A `#` after one that is empty starts a comment.
    if (
      text.pieces.some(
        (piece, i) =>
          (i < text.pieces.length - 1 && /\$\w*$|\\$/.test(piece ?? '')) || (i > 0 && piece?.startsWith('#')),
      )
    )
      this.doubt(`code that cannot be known before it runs (${text.why})`, frame.origin);
    const source = text.pieces.map((piece) => piece ?? '${_unknown}').join('');
    return this.runText(known(source), state, frame);
  }

  /** What the walk did not reach (functions nobody calls, branches of constructs it does not know) is read on its own. */
  private sweep(script: ParsedScript, state: State, visited: Set<SyntaxNode>): void {
    const work: SyntaxNode[] = [script];
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      this.step();
      if (node.type === 'Command' && !visited.has(node)) {
        const body = subshell(state);
        body.positional = undefined;
        this.simpleCommand(node, body, visited);
      }
      eachChild(node, (child) => work.push(child));
    }
  }

  /** Runs what a shell trapped, with the values that it ends with. */
  private end(state: State): void {
    for (const action of state.traps) this.runText(action, subshell(state), this.inner('trap'));
  }

  private apart(state: State, action: (inner: State) => Word): Word {
    const inner = subshell(state);
    // What `exec < FILE` changes there stays there.
    return this.withInput(this.frame.input, () => {
      const output = action(inner);
      this.end(inner);
      return output;
    });
  }

  /** Runs what a pipe or `&` starts beside something else. */
  private besides(node: SyntaxNode, state: State, visited: Set<SyntaxNode>): Word {
    this.beside++;
    try {
      return this.apart(state, (inner) => this.run(node, inner, visited));
    } finally {
      this.beside--;
    }
  }

  private list(statements: readonly Node<'Statement'>[], state: State, visited: Set<SyntaxNode>): Word {
    const outputs: Word[] = [];
    for (const statement of statements) {
      if (statement.background) outputs.push(this.besides(statement.command, state, visited));
      else outputs.push(this.run(statement.command, state, visited));
    }
    return joinWords(outputs, '');
  }

  private run(node: SyntaxNode, state: State, visited: Set<SyntaxNode>): Word {
    this.step();
    switch (node.type) {
      case 'Command':
        return this.simpleCommand(node, state, visited);
      case 'Statement':
        return node.background
          ? this.besides(node.command, state, visited)
          : this.run(node.command, state, visited);
      case 'CompoundList':
        return this.list(node.commands, state, visited);
      case 'BraceGroup':
        return this.list(node.body.commands, state, visited);
      case 'Subshell':
        return this.apart(state, (inner) => this.list(node.body.commands, inner, visited));
      case 'AndOr':
        return this.andOr(node, state, visited);
      case 'Pipeline':
        return this.pipeline(node, state, visited);
      case 'Redirected':
        return this.redirected(node, state, visited);
      case 'If':
        return this.branches(
          [node.clause, ...node.elif.map((elif) => elif.clause)],
          [node.then, ...node.elif.map((elif) => elif.then), node.else],
          state,
          visited,
        );
      case 'For':
      case 'Select':
        return this.forLoop(node, state, visited);
      case 'ArithmeticFor':
        for (const part of [node.initialize, node.test, node.update]) this.arithmetic(part, state);
        return this.left(state, () => this.loop([node.body], state, visited));
      case 'While':
        return this.left(state, () => this.loop([node.clause, node.body], state, visited));
      case 'Case': {
        return this.caseItems(node.items, expandText(node.word, state, this), state, visited);
      }
      case 'Function': {
        const name = node.name.value;
        state.functions.set(name, [node.body]);
        // The redirections of a definition are those of each call; its here-documents are expanded then.
        return known('');
      }
      case 'Coproc':
        this.apart(state, (inner) => this.run(node.body, inner, visited));
        return known('');
      case 'TestCommand':
        this.expandEverything(node, state, visited);
        this.testedNumbers(node, state);
        return known('');
      case 'ArithmeticCommand':
        this.arithmetic(node.expression, state);
        return known('');
      default:
        this.expandEverything(node, state, visited);
        return unknown('a construct that is not read');
    }
  }

  /**
   * `a && b || c`: each part runs in what is true where it is reached, and afterwards all ways out are possible. Only the
   * directory is taken from the way on which all went well: after `cd x && make`, or `cd x || exit`, the shell is in x.
   */
  private andOr(node: Node<'AndOr'>, state: State, visited: Set<SyntaxNode>): Word {
    const outputs: Word[] = [];
    let flow = branchOf(state);
    let failed: State[] = [];
    let entered = state.cwd;
    for (const [i, part] of node.commands.entries()) {
      const operator = node.operators[i - 1];
      const skipped = branchOf(flow);
      skipped.ended = flow.ended;
      if (operator === '&&') failed.push(skipped);
      if (operator === '||') {
        for (const other of failed) merge(flow, other);
        failed = [];
        // What comes after a `cd` that failed runs where it was called.
        if (node.commands[i - 1]?.type === 'Command') flow.cwd = entered;
        else if (flow.cwd !== entered) flow.cwd = undefined;
      }
      entered = flow.cwd;
      const output = this.run(part, flow, visited);
      const silent = output.kind === 'known' && output.text === '';
      outputs.push(i === 0 || silent ? output : unknown('it may not run'));
      if (operator === '||') {
        const { cwd } = skipped;
        merge(skipped, flow);
        flow = skipped;
        // `cd x || mkdir x`: in x if it went well; a group may have gone anywhere.
        if (part.type === 'Command') flow.cwd ??= cwd;
      }
    }
    const { cwd } = flow;
    for (const other of failed) merge(flow, other);
    Object.assign(state, flow, { cwd });
    return joinWords(outputs, '');
  }

  private pipeline(node: Node<'Pipeline'>, state: State, visited: Set<SyntaxNode>): Word {
    let input = this.frame.input;
    let output: Word = known('');
    for (const [i, part] of node.commands.entries()) {
      const alone = node.commands.length === 1;
      output = this.withInput(input, () =>
        alone ? this.run(part, state, visited) : this.besides(part, state, visited),
      );
      if (i < node.commands.length - 1) input = output;
    }
    return output;
  }

  private withInput<T>(input: Word | undefined, action: () => T): T {
    const outer = this.frame;
    this.frame = { ...outer, input };
    try {
      return action();
    } finally {
      this.frame = outer;
    }
  }

  /** Each item that the word may fit on its own; one that ends with `;&` or `;;&` may go on in those after it. */
  private caseItems(
    items: readonly Node<'CaseItem'>[],
    word: Word,
    state: State,
    visited: Set<SyntaxNode>,
  ): Word {
    const ends: State[] = [];
    let falling: State | undefined;
    let silent = true;
    let chosen = false;
    for (const item of items) {
      const fit: 'yes' | 'no' | 'maybe' = chosen ? 'no' : this.fitsCase(word, item.pattern, state);
      if (fit === 'no' && falling === undefined) {
        this.skip(item.body, visited);
        continue;
      }
      chosen ||= fit === 'yes' && item.terminator !== ';;&' && item.terminator !== ';&';
      const branch = branchOf(state);
      if (falling) merge(branch, falling);
      const output = this.run(item.body, branch, visited);
      silent = silent && output.kind === 'known' && output.text === '';
      ends.push(branch);
      if (item.terminator !== ';&' && item.terminator !== ';;&') continue;
      if (falling) merge(falling, branch);
      else falling = branchOf(branch);
    }
    if (!chosen) ends.push(branchOf(state));
    this.meet(ends, state);
    return silent ? known('') : unknown('it depends on a branch');
  }

  /**
   * Whether a word fits one of the patterns of an item; `nocasematch` may be set. Only a script that is given its words is
   * read so: in the call's own line each item stands there to be read.
   */
  private fitsCase(word: Word, patterns: readonly Node<'Word'>[], state: State): 'yes' | 'no' | 'maybe' {
    const fits = patterns.map((node) => {
      const pattern = expandPattern(node, state, this);
      const source = pattern.kind === 'known' ? patternSource(pattern.text) : undefined;
      if (source === undefined || word.kind !== 'known' || word.glob || this.frame.depth === 0)
        return 'maybe';
      if (new RegExp(`^(?:${source})$`).test(word.text)) return 'yes';
      return new RegExp(`^(?:${source})$`, 'i').test(word.text) ? 'maybe' : 'no';
    });
    if (fits.includes('yes') && !fits.includes('maybe')) return 'yes';
    return fits.every((fit) => fit === 'no') ? 'no' : 'maybe';
  }

  /** What certainly does not run needs no reading of its own. */
  private skip(node: SyntaxNode, visited: Set<SyntaxNode>): void {
    if (node.type === 'Command') visited.add(node);
    eachChild(node, (child) => this.skip(child, visited));
  }

  /** Makes `state` what is true after any of the branches was run. */
  private meet([first, ...others]: readonly State[], state: State): void {
    if (first === undefined) return;
    Object.assign(state, first);
    for (const other of others) merge(state, other);
  }

  private branches(
    clauses: readonly Node<'CompoundList'>[],
    bodies: readonly (Node<'CompoundList'> | undefined)[],
    state: State,
    visited: Set<SyntaxNode>,
  ): Word {
    for (const clause of clauses) this.run(clause, state, visited);
    const ends: State[] = [];
    let silent = true;
    for (const body of bodies) {
      const branch = branchOf(state);
      const output = body === undefined ? known('') : this.run(body, branch, visited);
      silent = silent && output.kind === 'known' && output.text === '';
      ends.push(branch);
    }
    this.meet(ends, state);
    return silent ? known('') : unknown('it depends on a branch');
  }

  private forLoop(node: Node<'For'> | Node<'Select'>, state: State, visited: Set<SyntaxNode>): Word {
    const lists = node.wordlist?.map((word) => expandFields(word, state, this));
    const ways = lists
      ? product(lists)
      : [state.positional ?? [unknown('"$@" is not known', { many: true })]];
    const [only] = ways;
    if (ways.length === 1 && only) return this.left(state, () => this.turns(node, only, state, visited));
    const outputs = this.eachWay(ways, state, (way, own) =>
      this.left(own, () => this.turns(node, way, own, visited)),
    );
    return oneOf(outputs, 'it depends on a value');
  }

  /** Runs a loop that `break` may leave, or `continue` take to its next turn, wherever they stand. */
  private left(state: State, loop: () => Word): Word {
    const exits: State[] = [];
    this.loops.push(exits);
    try {
      return loop();
    } finally {
      this.loops.pop();
      for (const exit of exits) merge(state, exit);
    }
  }

  /** `break` and `continue`: any loop around may end with what is true here. */
  leaveLoop(state: State): void {
    for (const exits of this.loops) {
      const last = exits.at(-1);
      if (last !== undefined && exits.length > limits.alternatives) merge(last, state);
      else exits.push(branchOf(state));
    }
  }

  /** The body for each value in turn, so that what it computes from one stays together; for a long list all at once. */
  private turns(
    node: Node<'For'> | Node<'Select'>,
    values: readonly Word[],
    state: State,
    visited: Set<SyntaxNode>,
  ): Word {
    const name = node.name.value;
    const before = branchOf(state);
    const outputs: Word[] = [];
    const short = values.length <= limits.alternatives;
    for (const value of short ? values : [oneOf(values, `$${name} has too many possible values`)]) {
      setVariable(state, name, value);
      const several = !short || (value.kind === 'unknown' ? value.many : value.glob === true);
      outputs.push(several ? this.loop([node.body], state, visited) : this.run(node.body, state, visited));
      for (const exit of this.loops.at(-1) ?? []) merge(state, exit);
    }
    if (values.every((value) => value.kind === 'unknown' && value.many)) merge(state, before);
    return joinWords(outputs, '');
  }

  /** What runs any number of times: as it stands, then with what it changed, then with what keeps changing unknown. */
  private loop(bodies: readonly Node<'CompoundList'>[], state: State, visited: Set<SyntaxNode>): Word {
    const pass = () => bodies.map((body) => this.run(body, state, visited));
    const before = branchOf(state);
    const outputs = pass();
    merge(state, before);
    const after = branchOf(state);
    pass();
    merge(state, after);
    const moving = [...state.variables].filter(([name, value]) => {
      const had = after.variables.get(name);
      return had !== value && JSON.stringify(had) !== JSON.stringify(value);
    });
    if (moving.length > 0) {
      for (const [name] of moving) state.variables.set(name, unknown(`$${name} changes in a loop`));
      pass();
      merge(state, after);
    }
    return outputs.every((output) => output.kind === 'known' && output.text === '')
      ? known('')
      : unknown('it is written in a loop');
  }

  private redirected(node: Node<'Redirected'>, state: State, visited: Set<SyntaxNode>): Word {
    const plan = this.redirections(node.redirects, state);
    if (plan.redirections.length > 0) {
      this.emit({
        words: [],
        environment: new Map(),
        redirections: plan.redirections,
        state,
        span: node,
      });
    }
    const output = this.withInput(plan.input ?? this.frame.input, () =>
      this.run(node.command, state, visited),
    );
    return this.deliver(output, plan, state);
  }

  private simpleCommand(node: Node<'Command'>, state: State, visited: Set<SyntaxNode>): Word {
    this.step();
    visited.add(node);
    if (this.running.includes(node) || this.running.length > limits.depth) return unknown('it calls itself');
    this.running.push(node);
    try {
      return this.expandCommand(node, state);
    } finally {
      this.running.pop();
    }
  }

  private expandCommand(node: Node<'Command'>, state: State): Word {
    const prefix = node.prefix.filter((part) => part.type === 'Assignment');
    // What `${x=y}` in a redirection gives to x is lost where the command is a program: that is expanded in its process.
    const own = node.redirects.length > 0 ? branchOf(state) : state;
    const plan = this.redirections(node.redirects, own);
    if (own !== state) merge(state, own);
    const words: SyntaxNode[] = [...(node.name ? [node.name] : []), ...node.args];
    this.prepareArrays(node, state);
    const failedBefore = this.mayFail;
    this.mayFail = false;
    const alternatives = product(this.arguments(words, state));
    const environment = new Map<string, Word>();
    const bare = node.name === undefined;
    for (const assignment of prefix) {
      const value = this.assign(assignment, state, bare);
      if (!bare) environment.set(assignment.name, value);
    }
    const failed = this.mayFail;
    this.mayFail ||= failedBefore;
    const runIn = (argv: readonly Word[], own: State) =>
      this.withInput(plan.input ?? this.frame.input, () =>
        this.runWords(argv, { state: own, environment, redirections: plan.redirections, span: node }),
      );
    const [sole] = alternatives;
    const outputs =
      alternatives.length === 1 && sole !== undefined
        ? [runIn(sole, state)]
        : this.eachWay(alternatives, state, runIn);
    const [only] = outputs;
    const written = outputs.length === 1 && only ? only : oneOf(outputs, 'it depends on a value');
    const output = failed ? unknown('an expression in it may be refused') : written;
    // After `exec > file` all that follows is written there.
    const lasting =
      words.length === 1 && alternatives[0]?.[0]?.kind === 'known' && alternatives[0][0].text === 'exec';
    if (lasting && plan.input !== undefined) this.frame = { ...this.frame, input: plan.input };
    return this.deliver(lasting ? unknown('what is written to a descriptor') : output, plan, state);
  }

  /** `declare`, `local` and their kin hold for the elements of arrays on the same line, which are assigned first. */
  private prepareArrays({ name, args }: Node<'Command'>, state: State): void {
    const program = name?.value ?? '';
    if (!/^(?:declare|typeset|local|readonly)$/.test(program)) return;
    const options = args.filter(({ type }) => type === 'Word').map(({ text }) => text);
    const keyed = options.some((text) => /^-\w*A/.test(text));
    const local = this.inFunction() && program !== 'readonly' && !options.some((text) => /^-\w*g/.test(text));
    for (const arg of args) {
      if (arg.type !== 'Assignment') continue;
      if (local && arg.value.type === 'ArrayValue' && state.locals?.has(arg.name) === false) {
        state.locals.set(arg.name, state.variables.get(arg.name));
        state.attributes.delete(arg.name);
      }
      if (keyed) state.attributes.set(arg.name, 'keyed');
    }
  }

  /** Runs each alternative in a state of its own; afterwards any of them may have been. */
  private eachWay<T>(ways: readonly T[], state: State, action: (way: T, own: State) => Word): Word[] {
    const ends = ways.map(() => branchOf(state));
    const outputs = ways.map((way, i) => action(way, ends[i] ?? state));
    const [first, ...others] = ends;
    if (first) Object.assign(state, first);
    for (const other of others) merge(state, other);
    return outputs;
  }

  /** Each argument as lists of words. What touches the word before it (`a<(b)`) is one word with it. */
  private arguments(nodes: readonly SyntaxNode[], state: State): (readonly (readonly Word[])[])[] {
    const found: (readonly (readonly Word[])[])[] = [];
    let braced = false;
    for (const [i, node] of nodes.entries()) {
      const lists = this.argument(node, state);
      const before = nodes[i - 1]?.end === node.pos ? found.pop() : undefined;
      braced = (braced && before !== undefined) || hasBraces(node);
      // Braces are expanded first, so that `{a,b}<(c)` is two words with a substitution each.
      const join = (a: readonly Word[], b: readonly Word[]): readonly Word[] => {
        if (!braced)
          return [...a.slice(0, -1), joinWords([...a.slice(-1), ...b.slice(0, 1)], ''), ...b.slice(1)];
        if (a.length * b.length > limits.alternatives * 8) return [unknown('too many words', { many: true })];
        return a.flatMap((start) => b.map((end) => joinWords([start, end], '')));
      };
      found.push(before === undefined ? lists : before.flatMap((a) => lists.map((b) => join(a, b))));
    }
    return found;
  }

  /** An argument as lists of words; an assignment among the arguments (`export A=b`) keeps its name. */
  private argument(node: SyntaxNode, state: State): readonly (readonly Word[])[] {
    if (node.type === 'Word') return expandFields(node, state, this);
    if (node.type !== 'Assignment') return [[]];
    if (node.value.type === 'ArrayValue') {
      this.assign(node, state, true);
      return [[known(node.name)]];
    }
    // `export X={1..3}` is one word to the grammar and three to bash, which does braces first.
    const words = hasBraces(node.value) ? expandBraces(node.text)?.map(parseWord) : undefined;
    if (words?.every((word) => word !== undefined))
      return [words.map((word) => expandText(withoutBraces(word), state, this))];
    const value = expandText(node.value, state, this);
    return [[joinWords([known(`${node.name}${node.append ? '+=' : '='}`), value], '')]];
  }

  /** Evaluates an assignment, and makes it when `lasting`. Returns the value. */
  private assign(node: Node<'Assignment'>, state: State, lasting: boolean): Word {
    if (node.index) expandText(node.index, state, this);
    if (/^(?:PS4|PROMPT_COMMAND|BASH_ENV|ENV)$/.test(node.name)) this.codeVariable(node, state);
    if (node.value.type === 'ArrayValue') {
      this.assignArray(node.name, node.append === true, node.value.elements, state);
      return unknown(`${node.name} is an array`);
    }
    const written = expandText(node.value, state, this);
    let value = written;
    if (node.append) {
      const before = state.variables.get(node.name);
      const had =
        before === undefined
          ? unknown(`what ${node.name} held before is not known`)
          : isArray(before)
            ? (before[0] ?? known(''))
            : before;
      value = joinWords([had, written], '');
    }
    if (!lasting) return value;
    if (node.index === undefined) {
      if (state.attributes.get(node.name) === 'integer')
        for (const text of textsOf(written) ?? []) evaluateText(text, state, this);
      setVariable(state, node.name, value);
    } else this.assignElement(node.name, expandText(node.index, state, this), written, state);
    return value;
  }

  private assignArray(name: string, append: boolean, elements: readonly Node<'Word'>[], state: State): void {
    const keyed = elements.some((element) => element.text.startsWith('['));
    if (keyed) {
      const listed = new Map<number, Word>();
      for (const element of elements) {
        const [, key, source] = /^\[((?:[^[\]]|\[[^\]]*\])*)\]\+?=([\s\S]*)$/.exec(element.text) ?? [];
        const [index, value] = [key, source].map((text) => parseWord(text === '' ? "''" : (text ?? '$_')));
        expandFields(element, state, this);
        if (!index || !value) continue;
        // In an array with keys a tilde stays as it is where `declare` is given it, and not elsewhere.
        const written = oneOf(
          [
            expandText(value, state, this),
            ...(source?.startsWith('~') && state.attributes.get(name) === 'keyed' ? [known(source)] : []),
          ],
          'a tilde',
        );
        if (/^\d+$/.test(key ?? '')) listed.set(Number(key), written);
        this.assignElement(name, expandText(index, state, this), written, state);
      }
      const plain = !append && state.attributes.get(name) !== 'keyed' && listed.size === elements.length;
      const whole = elements.flatMap((_, i) => listed.get(i) ?? []);
      setVariable(
        state,
        name,
        plain && whole.length === listed.size ? whole : [unknown(`the elements of ${name}`, { many: true })],
      );
      return;
    }
    for (const entry of state.variables.keys())
      if (!append && entry.startsWith(`${name}[`)) state.variables.delete(entry);
    const lists = product(elements.map((element) => expandFields(element, state, this, 'text')));
    const [only] = lists;
    const value =
      lists.length === 1 && only ? only : [unknown(`${name} has several possible values`, { many: true })];
    const before = state.variables.get(name);
    const had = append && before !== undefined ? (isArray(before) ? before : [before]) : [];
    setVariable(state, name, [...had, ...value]);
  }

  /** An element by its key, beside the array itself, of which no more is known then. */
  private assignElement(name: string, given: Word, value: Word, state: State): void {
    const key = state.attributes.get(name) === 'keyed' ? given : this.subscript(given, state);
    const array = state.variables.get(name);
    const at = key.kind === 'known' && /^\d+$/.test(key.text) ? Number(key.text) : -1;
    const plain = array === undefined ? [] : isArray(array) ? array : [array];
    // What may be empty may be not set either, and then has no first element.
    const scalar = array !== undefined && !isArray(array) && textsOf(array)?.includes('') === true;
    const simple = !scalar && plain.every((word) => word.kind !== 'unknown' && word.glob !== true);
    if (at >= 0 && at <= plain.length && simple) {
      setVariable(state, name, at < plain.length ? plain.with(at, value) : [...plain, value]);
      return;
    }
    for (const entry of state.variables.keys())
      if (key.kind !== 'known' && entry.startsWith(`${name}[`)) state.variables.delete(entry);
    for (const [i, word] of simple ? plain.entries() : []) state.variables.set(`${name}[${i}]`, word);
    if (key.kind === 'known') state.variables.set(`${name}[${key.text}]`, value);
    state.variables.set(name, [unknown(`the elements of ${name}`, { many: true })]);
  }

  /** The subscript of an array without keys is an expression. */
  private subscript(given: Word, state: State): Word {
    if (given.kind !== 'known') return given;
    const [part] = parseWord(`$((${given.text}))`)?.parts ?? [];
    return part?.type === 'ArithmeticExpansion' ? this.arithmetic(part, state) : unknown('a subscript');
  }

  /** Variables whose value bash runs: before each prompt, at its start, or when it traces. */
  private codeVariable(node: Node<'Assignment'>, state: State): void {
    if (node.value.type !== 'Word') return;
    const value = expandText(node.value, state, this);
    if (node.name === 'BASH_ENV' || node.name === 'ENV') {
      this.runFile(value, [], subshell(state), this.inner(node.name));
      return;
    }
    this.runText(value, subshell(state), this.inner(node.name));
  }

  inner(via: string, input?: Word): Frame {
    return {
      via: [...this.frame.via, via],
      depth: this.frame.depth + 1,
      origin: this.frame.origin ?? this.here,
      input: input ?? this.frame.input,
      container: this.frame.container,
    };
  }

  private here: Span | undefined;

  /** Runs one argv: its own record, then what it does to the shell, what it carries, and what it writes. */
  runWords(
    given: readonly Word[],
    how: {
      readonly state: State;
      readonly environment: ReadonlyMap<string, Word>;
      readonly redirections?: readonly Redirection[];
      readonly span: { readonly pos: number; readonly end: number };
    },
  ): Word {
    const { state, span } = how;
    const argv = this.namedByPattern(given, state);
    const environment = new Map(how.environment);
    for (const name of state.exported) {
      const value = state.variables.get(name);
      if (value !== undefined && 'kind' in value && !environment.has(name)) environment.set(name, value);
    }
    const outer = this.here;
    this.here = { start: span.pos, end: span.end };
    try {
      this.step();
      if (argv.length === 0 && (how.redirections ?? []).length === 0) return known('');
      this.emit({ words: argv, environment, redirections: how.redirections ?? [], state, span });
      const [program] = argv;
      if (program === undefined) return known('');
      const names = textsOf(program) ?? [];
      for (const name of names) {
        const alias = state.aliases.get(name);
        if (alias !== undefined && this.frame.depth < limits.depth) {
          const rest = joinWords(argv.slice(1).map(quoteWord), ' ');
          this.runText(joinWords([known(alias), rest], ' '), state, this.inner(`alias ${name}`));
        }
        const bodies = state.functions.get(name);
        if (bodies !== undefined)
          return withVariables(how.environment, state, () =>
            this.callFunction(name, bodies, argv.slice(1), state),
          );
      }
      const built = withVariables(how.environment, state, () => runBuiltin(argv, state, this));
      if (built !== undefined) return built;
      // No program has such a name: it is read as it was meant (`1A=2 CMD`, `"$LINE"`).
      if (program.kind === 'known' && /^[^/\s]*=/.test(program.text) && argv.length > 1)
        this.runCarried(argv.slice(1), environment, state, this.inner('what is no assignment'), span);
      if (program.kind === 'known' && /^\w[\w.-]*[ \t\n]+\S/.test(program.text))
        this.runText(program, subshell(state), this.inner('a line in one word'));
      const carried = unwrap(argv, environment, state, this, span);
      return carried ?? outputOf(argv, this.frame.input, state, this.facts);
    } finally {
      this.here = outer;
    }
  }

  /** A program that is named by a pattern (`/bin/r?`) is one of the files that fit. */
  private namedByPattern(argv: readonly Word[], state: State): readonly Word[] {
    const [program, ...args] = argv;
    if (program?.kind !== 'known' || !program.glob) return argv;
    const cut = program.text.lastIndexOf('/') + 1;
    const dir = program.text.slice(0, cut);
    const source = patternSource(program.text.slice(cut));
    const place = dir.startsWith('/') ? dir : state.cwd === undefined ? undefined : `${state.cwd}/${dir}`;
    const some = unknown(`${program.text} is a pattern`, { many: true });
    if (source === undefined || place === undefined) return [some, ...args];
    if (/[*?[]/.test(dir)) {
      const name = program.text.slice(cut);
      return /[*?[]/.test(name)
        ? [some, ...args]
        : [{ ...some, pieces: [null, `/${name}`] } as Word, some, ...args];
    }
    const pattern = new RegExp(`^(?:${source})$`);
    const fitting = this.facts.list(place).filter((name) => pattern.test(name) && !name.startsWith('.'));
    // A program that is not here may be where the line is meant for.
    if (fitting.length === 0) return dir.startsWith('/') ? [some, ...args] : argv;
    return [
      oneOf(
        fitting.map((name) => known(dir + name)),
        `${program.text} fits too many files`,
      ),
      // Of several that fit, the first is the program.
      ...(fitting.length > 1 ? [unknown(`what else ${program.text} fits`, { many: true })] : []),
      ...args,
    ];
  }

  /** Runs an argv that another command carries. */
  runCarried(
    argv: readonly Word[],
    environment: ReadonlyMap<string, Word>,
    state: State,
    frame: Frame,
    span: { readonly pos: number; readonly end: number },
  ): Word {
    if (frame.depth > limits.depth) {
      this.doubt('commands are nested too deeply to be read', frame.origin);
      return unknown('it is nested too deeply');
    }
    const outer = this.frame;
    this.frame = frame;
    try {
      return this.runWords(argv, { state, environment, span });
    } finally {
      this.frame = outer;
    }
  }

  inFunction(): boolean {
    return this.frame.via.some((via) => via.startsWith('function '));
  }

  /** Whether the command at hand was reached by way of `via`. */
  isWithin(via: string): boolean {
    return this.frame.via.includes(via);
  }

  /** Standard input of the command at hand; undefined when it is that of the session. */
  input(): Word | undefined {
    return this.frame.input;
  }

  private readonly selfCalls = new Set<SyntaxNode>();

  private callFunction(
    name: string,
    bodies: readonly SyntaxNode[],
    args: readonly Word[],
    state: State,
  ): Word {
    if (this.frame.depth > limits.depth) return unknown('it calls itself');
    const outer = this.frame;
    this.frame = this.inner(`function ${name}`);
    const { positional, locals } = state;
    state.positional = args;
    state.locals = new Map();
    const outputs: Word[] = [];
    try {
      for (const body of bodies) {
        const call = { body, args: JSON.stringify(args), beside: this.beside };
        const around = this.called.filter((other) => other.body === body);
        const same = around.some((other) => other.args === call.args);
        if (same || around.length > limits.recursion) {
          // `f() { f | f & }`: a function that starts itself beside itself, with the same words, fills the machine with
          // processes. No program does that, so it is given a name that rules can speak of.
          const forks =
            same &&
            around.some((other) => other.beside < this.beside) &&
            args.every((arg) => arg.kind !== 'unknown');
          if (forks && this.selfCalls.has(body)) {
            const span = { pos: this.frame.origin?.start ?? 0, end: this.frame.origin?.end ?? 0 };
            const words = [known('fork-bomb'), known(name)];
            this.emit({ words, environment: new Map(), redirections: [], state, span });
          }
          if (forks) this.selfCalls.add(body);
          outputs.push(unknown('it calls itself'));
          continue;
        }
        const running = this.running;
        this.running = [];
        this.called.push(call);
        try {
          outputs.push(this.run(body, state, this.calls));
        } finally {
          this.called.pop();
          this.running = running;
        }
      }
    } finally {
      this.frame = outer;
      for (const [local, value] of state.locals ?? []) {
        if (value === undefined) state.variables.delete(local);
        else state.variables.set(local, value);
      }
      state.locals = locals;
      state.positional = positional;
      state.ended = false;
    }
    return oneOf(outputs, 'it depends on a branch');
  }

  /** Nodes reached through function calls need no mark: the sweep finds their definitions again, once, unbound. */
  private readonly calls = new Set<SyntaxNode>();

  /** Runs a file as a script. A file that is not there and that the line does not write is left alone. */
  runFile(path: Word, args: readonly Word[] | undefined, state: State, frame: Frame): Word {
    if (path.kind !== 'unknown' && path.glob) {
      this.doubt('a script that is named by a pattern', frame.origin);
      return unknown('a script that is not known');
    }
    for (const text of textsOf(path) ?? []) {
      const source = this.fileText(text, state);
      if (source === undefined) continue;
      state.positional = args;
      state.name = known(text);
      this.runText(source, state, { ...frame, via: [...frame.via, text] });
    }
    return unknown('a program writes it');
  }

  /** What a file holds: as the line wrote it, or as it is on disk. Undefined when it is not there or not text. */
  fileText(path: string, state: State): Word | undefined {
    const full = resolvePath(path, state.cwd);
    if (full !== undefined && /^\/(?:dev\/(?:stdin|fd\/0)|proc\/self\/fd\/0)$/.test(full))
      return this.frame.input;
    if (full === undefined) {
      // In a directory that is not known, what the line wrote under that name.
      const name = baseOf(path);
      const same = [...state.files]
        .filter(([file]) => file.endsWith(`/${name}`))
        .map(([, content]) => content);
      return same.length === 0 ? undefined : oneOf(same, 'it is one of several files');
    }
    const written = state.files.get(full);
    if (written !== undefined) return written;
    const onDisk = path.startsWith('/') ? path : `${state.cwd}/${path}`;
    const text = this.facts.readText(/\/\.\.(?:\/|$)/.test(onDisk) ? onDisk : full, limits.file);
    if (text !== undefined) return known(text);
    for (const [place, source] of [...state.copies, ...state.links])
      if (full === place || full.startsWith(`${place}/`)) {
        const original = source + full.slice(place.length);
        // A link may lead to itself.
        return this.fileText(original, { ...state, copies: new Map(), links: new Map() });
      }
    return undefined;
  }

  private emit(command: {
    words: readonly Word[];
    environment: ReadonlyMap<string, Word>;
    redirections: readonly Redirection[];
    state: State;
    span: { readonly pos: number; readonly end: number };
  }): void {
    const { state } = command;
    const span = this.frame.origin ?? { start: command.span.pos, end: command.span.end };
    const { input, via, container } = this.frame;
    const files = this.written(state);
    const full: Command = {
      words: command.words,
      environment: command.environment,
      redirections: command.redirections,
      cwd: state.cwd,
      span,
      via,
      ...(input === undefined ? {} : { input }),
      ...(files === undefined ? {} : { files }),
      ...(state.links.size === 0 ? {} : { links: new Map(state.links) }),
      ...(container ? { container } : {}),
    };
    const key = JSON.stringify([
      span,
      via,
      command.words,
      command.redirections,
      [...command.environment],
      state.cwd,
      input,
      files === undefined ? [] : named(files, command.words),
    ]);
    this.size += key.length;
    if (this.size > limits.commands) throw new TooMuch();
    if (!this.commands.has(key)) this.commands.set(key, full);
  }

  /** What the line wrote so far; the same map until it writes again. */
  private snapshot: ReadonlyMap<string, Word> | undefined;

  private written({ files }: State): ReadonlyMap<string, Word> | undefined {
    if (files.size === 0) return undefined;
    this.snapshot ??= new Map(files);
    return this.snapshot;
  }

  /** Remembers what a file holds. */
  keepFile(path: string, content: Word, state: State): void {
    state.files.set(path, content);
    this.snapshot = undefined;
  }

  private redirections(nodes: readonly Redirect[], state: State): RedirectionPlan {
    const redirections: Redirection[] = [];
    let input: Word | undefined;
    let output: RedirectionPlan['output'];
    const give = (text: Word, number: number | undefined) => {
      if ((number ?? 0) === 0) input = text;
      else this.keepFile(`/dev/fd/${number}`, text, state);
    };
    for (const node of nodes) {
      const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
      if (node.type === 'HereDoc') {
        const { body, delimiter } = node;
        const text =
          delimiter?.quoted || isLiteralBody(body)
            ? known(body.text)
            : body.parts === undefined
              ? known(body.text.replace(/\\([$`\\\n])/g, (_, char: string) => (char === '\n' ? '' : char)))
              : body.parts.some((part) => part.type === 'ParameterExpansion' && /^\$\{[^}]*$/.test(part.text))
                ? unknown('a substitution without an end')
                : expandParts(body.parts, state, this);
        give(node.operator === '<<-' ? withoutTabs(text) : text, descriptor);
        continue;
      }
      const target =
        node.target === undefined
          ? unknown('a redirection without a target')
          : expandText(node.target, state, this);
      if (node.type === 'HereString') {
        give(joinWords([target, known('\n')], ''), descriptor);
        continue;
      }
      if (
        (node.operator === '>&' || node.operator === '<&') &&
        node.target !== undefined &&
        /^(?:\d+-?|-)$/.test(node.target.text)
      ) {
        if (node.operator === '<&' && (descriptor ?? 0) === 0) {
          const source = `/dev/fd/${Number.parseInt(node.target.text, 10)}`;
          input = state.files.get(source) ?? input;
          // What one program read the next one does not find there.
          if (state.files.has(source)) this.keepFile(source, unknown('what is left of a text'), state);
        }
        continue;
      }
      redirections.push({ operator: node.operator, target });
      if (node.operator === '<')
        give(
          (target.kind === 'known' ? this.fileText(target.text, state) : undefined) ??
            unknown('the content of a file'),
          descriptor,
        );
      if (node.operator.includes('>') && node.operator !== '<>' && (descriptor ?? 1) === 1) {
        output = { target, append: node.operator.includes('>>') };
      } else if (node.operator.includes('>')) {
        for (const path of textsOf(target) ?? [])
          this.write(path, unknown('what is written to a descriptor'), false, state);
      }
    }
    return { redirections, input, output };
  }

  /** What remains on standard output after redirections; the rest is remembered as the content of a file. */
  private deliver(output: Word, plan: RedirectionPlan, state: State): Word {
    if (plan.output === undefined) return output;
    for (const path of textsOf(plan.output.target) ?? []) this.write(path, output, plan.output.append, state);
    return known('');
  }

  /** Remembers that the line writes a file. */
  write(path: string, content: Word, append: boolean, state: State): void {
    const full = resolvePath(path, state.cwd);
    if (full?.startsWith('/dev/')) return;
    const before = append ? this.fileText(path, state) : undefined;
    const whole = before === undefined ? content : joinWords([before, content], '');
    this.keepFile(full ?? `/…/${baseOf(path)}`, whole, state);
    if (full !== undefined) this.contents.set(full, [...(this.contents.get(full) ?? []), whole]);
  }

  substitute(script: ParsedScript | undefined, state: State): Word {
    if (script === undefined) return unknown('a substitution that cannot be read');
    const output = this.outputOfScript(script, state);
    return trimmed(output) ?? output;
  }

  /** What a substitution writes: `< file` alone writes the file. */
  private outputOfScript(script: ParsedScript, state: State): Word {
    const fileRead = onlyReadsFile(script);
    if (fileRead === undefined) {
      const before = this.mayFail;
      this.mayFail = false;
      const output = this.apart(state, (inner) => this.list(script.commands, inner, new Set()));
      const failed = this.mayFail;
      this.mayFail = before;
      return failed ? unknown('an expression in it may be refused') : output;
    }
    const path = expandText(fileRead, state, this);
    return (
      (path.kind === 'known' ? this.fileText(path.text, state) : undefined) ??
      unknown('the content of a file')
    );
  }

  processSubstitution(script: ParsedScript | undefined, operator: '<' | '>', state: State): Word {
    if (script === undefined) return unknown('a substitution that cannot be read');
    // Of one without commands bash makes no word.
    if (script.commands.length === 0) return unknown('an empty substitution', { many: true });
    const path = `/dev/fd/${63 + this.pipes++}`;
    const output =
      operator === '<'
        ? this.outputOfScript(script, state)
        : this.withInput(unknown('what is written to it'), () => this.outputOfScript(script, state));
    this.keepFile(path, operator === '<' ? output : unknown('what is written to it'), state);
    return known(path);
  }

  arithmetic(node: SyntaxNode | undefined, state: State): Word {
    if (node === undefined) {
      this.refusal(state);
      return unknown('an expression');
    }
    this.expandEverything(node, state, new Set());
    const value = evaluate(node, state, this);
    if (value.kind === 'unknown') this.refusal(state);
    return value;
  }

  /** An expression that bash may refuse: that ends the command, and perhaps the shell. */
  private refusal(state: State): void {
    this.mayFail = true;
    this.end(state);
  }

  /** What `[[ x -eq y ]]` compares are expressions. */
  private testedNumbers(node: SyntaxNode, state: State): void {
    if (node.type === 'TestBinary' && /^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
      for (const operand of [node.left, node.right])
        for (const text of textsOf(expandText(operand, state, this)) ?? [])
          if (text !== '') evaluateText(text, state, this);
      return;
    }
    eachChild(node, (child) => this.testedNumbers(child, state));
  }

  /** Runs every substitution inside a node that is not interpreted otherwise. */
  private expandEverything(node: SyntaxNode, state: State, visited: Set<SyntaxNode>): void {
    eachChild(node, (child) => {
      if (child.type === 'Word') expandText(child, state, this);
      else if (child.type === 'CommandExpansion' || child.type === 'ArithmeticCommandExpansion')
        this.substitute(child.script, state);
      else if (child.type === 'ProcessSubstitution')
        this.processSubstitution(child.script, child.operator, state);
      else this.expandEverything(child, state, visited);
    });
  }
}

type RedirectionPlan = {
  readonly redirections: readonly Redirection[];
  readonly input: Word | undefined;
  readonly output: { readonly target: Word; readonly append: boolean } | undefined;
};

/** Of the files that were written, those that the words name: a command that is given another text is another one. */
const named = (files: ReadonlyMap<string, Word>, words: readonly Word[]): readonly (Word | undefined)[] =>
  [...files].flatMap(([path, content]) =>
    words.some((word) => textsOf(word)?.some((text) => text.endsWith(baseOf(path)))) ? [content] : [],
  );

/** `NAME=value` before a function or a builtin holds while that runs. */
function withVariables<T>(set: ReadonlyMap<string, Word>, state: State, action: () => T): T {
  const saved = [...set.keys()].map((name) => [name, state.variables.get(name)] as const);
  for (const [name, value] of set) state.variables.set(name, value);
  const result = action();
  for (const [name, value] of saved) {
    const now = state.variables.get(name);
    // What the command itself gives it outlives a builtin, and not a function.
    if (now !== set.get(name)) state.variables.set(name, joinValues(value, now, name));
    else if (value === undefined) state.variables.delete(name);
    else state.variables.set(name, value);
  }
  return result;
}

/** The file of `$(< file)`. */
function onlyReadsFile(script: ParsedScript): Node<'Word'> | undefined {
  const command = script.commands[0]?.command;
  if (script.commands.length !== 1 || command?.type !== 'Command' || command.name !== undefined)
    return undefined;
  const [redirect, ...more] = command.redirects;
  if (more.length > 0 || command.prefix.some((part) => part.type === 'Assignment')) return undefined;
  return redirect?.type === 'Redirect' && redirect.operator === '<' ? redirect.target : undefined;
}

/** A substitution drops the newlines at the end. */
function trimmed(word: Word | undefined): Word | undefined {
  if (word?.kind === 'known') return { ...word, text: word.text.replace(/\n+$/, '') };
  if (word?.kind === 'one-of') return { ...word, texts: word.texts.map((text) => text.replace(/\n+$/, '')) };
  if (word?.kind !== 'unknown') return undefined;
  const last = word.pieces.at(-1);
  if (typeof last === 'string')
    return { ...word, pieces: [...word.pieces.slice(0, -1), last.replace(/\n+$/, '')] };
  // If the hole at the end is empty, what stands before it ends the text.
  return {
    ...word,
    pieces: word.pieces.map((piece, i, all) =>
      i === all.length - 2 ? (piece?.replace(/\n+$/, '') ?? null) : piece,
    ),
  };
}

/** `<<-` takes the tabs at the start of each line away. */
function withoutTabs(word: Word): Word {
  const strip = (text: string, first: boolean) =>
    text.replace(/(^|\n)\t+/g, (whole, start: string, at: number) =>
      at > 0 || first || start !== '' ? start : whole,
    );
  if (word.kind === 'known') return known(strip(word.text, true));
  if (word.kind === 'one-of') return { ...word, texts: word.texts.map((text) => strip(text, true)) };
  return { ...word, pieces: word.pieces.map((piece, i) => (piece === null ? null : strip(piece, i === 0))) };
}

/** A word as shell source that stands for itself. */
export function quoteWord(word: Word): Word {
  if (word.kind === 'unknown') return word;
  // A pattern is expanded when it is read again.
  const source = (text: string) => (word.glob ? text.replace(/[^*?[\]]+/g, quoted) : quoted(text));
  return word.kind === 'known' ? known(source(word.text)) : { ...word, texts: word.texts.map(source) };
}
