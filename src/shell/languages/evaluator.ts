import { known, type Word } from '../../model/word.ts';
import { limits } from '../limits.ts';
import { joinWords, unknown } from '../state.ts';
import { type CallSite, callsBefore, type Table } from './effect.ts';
import type { Host } from './host.ts';
import { type Argument, type Expr, HOLE, type Program } from './tree.ts';
import {
  anyOf,
  type Closure,
  isWord,
  joinAll,
  listOf,
  type Scope,
  type Thing,
  textOf,
  thing,
  toWord,
  type Value,
} from './value.ts';

/** Bounds of one piece of code; past them the answer is a doubt. */
const bounds = { steps: 50_000, depth: 200, calls: 24, turns: 24 } as const;

/** What holds variables of the environment. */
const environments = new Set([
  'process.env',
  'Bun.env',
  'Deno.env',
  'import.meta.env',
  'os.environ',
  'os.environb',
  'ENV',
  '%ENV',
  '$_ENV',
  '$_SERVER',
]);

/** What holds modules and globals by their names. */
const namespaces = new Set([
  'sys.modules',
  'globals()',
  'locals()',
  'vars()',
  '__builtins__',
  'builtins',
  'globalThis',
  'global',
  'window',
  'self',
  'Kernel',
  'CORE',
  'CORE.GLOBAL',
]);

export type Reader = (code: string) => Program;

/** Walks code in the order of execution with what is known of its values, and tells the host what it runs. */
export class Evaluator {
  readonly host: Host;
  private readonly table: Table;
  /** Reads more code of the same language. */
  private readonly read: Reader;
  private readonly globals: Scope = { variables: new Map(), parent: undefined };
  private readonly closures = new Set<Closure>();
  private readonly called = new Set<Expr>();
  /** Modules whose names the code has taken over as its own (`from os import *`). */
  readonly opened: string[] = [];
  /** Modules that the code mentions. */
  readonly modules = new Set<string>();
  private scope: Scope = this.globals;
  private steps = 0;
  private depth = 0;
  private returned: Value[] = [];
  /** In a function that nobody calls, what depends on its arguments cannot count against it. */
  private guessing = false;
  private cwd: Word | undefined;

  constructor(host: Host, table: Table, read: Reader) {
    this.host = host;
    this.table = table;
    this.read = read;
  }

  /** Reads a whole program. */
  program(tree: Expr): void {
    this.evaluate(tree);
    if (this.host.calledOnly) return;
    this.guessing = true;
    for (const closure of this.closures) {
      if (!this.called.has(closure.body)) this.invoke(closure, []);
    }
  }

  bind(name: string, value: Value): void {
    this.globals.variables.set(name, value);
  }

  /** Whether what cannot be known counts. */
  get strict(): boolean {
    return this.host.strict && !this.guessing;
  }

  doubt(why: string): void {
    if (this.strict) this.host.doubt(why);
  }

  changeDirectory(path: Word): void {
    this.cwd = path;
  }

  /** Runs a program. A command whose operands are all unknown counts only where unknowns do. */
  spawn(argv: readonly Word[], how: { cwd?: Value | undefined; input?: Value | undefined }): Word {
    const [program] = argv;
    if (program === undefined) return unknown('nothing is run');
    if (
      !this.strict &&
      (isBlank(program) ||
        (argv.length > 1 &&
          argv.slice(1).every((word) => isBlank(word) || isOption(word)) &&
          argv.some(isBlank)))
    ) {
      return unknown('what a program writes');
    }
    if (isBlank(program) && argv.length === 1) {
      this.doubt(
        `a program that cannot be known before it runs (${program.kind === 'unknown' ? program.why : ''})`,
      );
    }
    return this.host.run(argv, {
      cwd: how.cwd === undefined ? this.cwd : toWord(how.cwd),
      input: how.input === undefined ? undefined : toWord(how.input),
    });
  }

  /** Runs shell text. */
  shell(text: Word): Word {
    if (!this.strict && text.kind === 'unknown' && text.pieces[0] === null)
      return unknown('what a shell writes');
    return this.host.shell(text, this.cwd);
  }

  /** Runs code of the same language in the scope at hand. */
  code(text: Value): Value {
    const word = toWord(text);
    const texts = word.kind === 'known' ? [word.text] : word.kind === 'one-of' ? word.texts : undefined;
    if (texts === undefined) {
      const source =
        word.kind === 'unknown' && word.pieces.some((piece) => piece !== null)
          ? word.pieces.map((piece) => piece ?? HOLE).join('')
          : undefined;
      if (source === undefined)
        this.doubt(`code that cannot be known before it runs (${word.kind === 'unknown' ? word.why : ''})`);
      else return this.evaluate(this.read(source).tree);
      return unknown('what unknown code returns');
    }
    return anyOf(
      texts.map((source) =>
        source.length > limits.text ? unknown('it is too long') : this.evaluate(this.read(source).tree),
      ),
    );
  }

  evaluate(expr: Expr): Value {
    this.steps++;
    if (this.steps > bounds.steps || this.depth > bounds.depth) {
      if (this.host.strict) this.host.doubt('code that does too much to be read');
      return unknown('it does too much to be read');
    }
    this.depth++;
    try {
      return this.valueOf(expr);
    } finally {
      this.depth--;
    }
  }

  private valueOf(expr: Expr): Value {
    switch (expr.type) {
      case 'text':
        return withHoles(expr.text);
      case 'name':
        return this.lookup(expr.name);
      case 'module':
        this.modules.add(expr.path);
        return thing(expr.path);
      case 'member':
        return this.member(this.evaluate(expr.of), expr.name, expr.of);
      case 'index':
        return this.index(this.evaluate(expr.of), this.evaluate(expr.at));
      case 'call':
        return this.callExpr(expr);
      case 'join':
        return this.join(expr.parts.map((part) => this.evaluate(part)));
      case 'slash': {
        const left = this.evaluate(expr.left);
        const right = this.evaluate(expr.right);
        if (left.kind === 'path')
          return {
            ...left,
            word:
              left.below === undefined ? joinWords([left.word, known('/'), toWord(right)], '') : left.word,
          };
        return right.kind === 'path'
          ? { ...right, word: joinWords([toWord(left), known('/'), right.word], '') }
          : unknown('a quotient');
      }
      case 'list':
        return listOf(...this.items(expr.items));
      case 'dict': {
        const entries = new Map<string, Value>();
        for (const rest of expr.rest) {
          const value = this.evaluate(rest);
          if (value.kind === 'dict') for (const [key, entry] of value.entries) entries.set(key, entry);
        }
        for (const [key, value] of expr.entries) {
          const at = this.evaluate(key);
          entries.set(textOf(at) ?? '', this.evaluate(value));
        }
        return { kind: 'dict', entries };
      }
      case 'choice':
        return anyOf(expr.options.map((option) => this.evaluate(option)));
      case 'function': {
        const closure: Closure = {
          kind: 'function',
          params: expr.params,
          body: expr.body,
          scope: this.scope,
          name: expr.name ?? 'a function',
        };
        this.closures.add(closure);
        if (expr.name !== undefined) this.scope.variables.set(expr.name, closure);
        return closure;
      }
      case 'assign': {
        const value = this.evaluate(expr.value);
        const next = expr.append ? this.appended(expr.target, value) : value;
        this.assign(expr.target, next, expr.declares === true);
        return next;
      }
      case 'each':
        return this.each(expr.target, this.evaluate(expr.of), expr.body);
      case 'return': {
        const value = this.evaluate(expr.value);
        this.returned.push(value);
        return value;
      }
      case 'branch':
        return this.branch(expr.bodies);
      case 'block': {
        let last: Value = unknown('nothing');
        for (const item of expr.items) last = this.evaluate(item);
        return last;
      }
      case 'shell':
        return this.shell(toWord(this.evaluate(expr.text)));
    }
  }

  private lookup(name: string): Value {
    for (let scope: Scope | undefined = this.scope; scope; scope = scope.parent) {
      const value = scope.variables.get(name);
      if (value !== undefined) return value;
    }
    if (name.includes(HOLE)) return unknown('it is not known to the shell');
    const value = this.table.get(`get:${name}`)?.({
      path: name,
      args: [],
      named: new Map(),
      receiver: undefined,
      run: this,
    });
    if (value !== undefined) return value;
    const module = this.opened.find((path) => this.table.has(`${path}.${name}`));
    return thing(module === undefined ? name : `${module}.${name}`);
  }

  private member(of: Value, name: string, expr?: Expr): Value {
    const key = expr === undefined ? undefined : dotted({ type: 'member', of: expr, name });
    if (key !== undefined) {
      for (let scope: Scope | undefined = this.scope; scope; scope = scope.parent) {
        const value = scope.variables.get(key);
        if (value !== undefined) return value;
      }
    }
    if (of.kind === 'dict') {
      const value = of.entries.get(name);
      if (value !== undefined) return value;
    }
    if (name === 'default' && of.kind === 'thing') return of;
    const path = `${kindName(of)}.${name}`;
    if (of.kind === 'thing' && namespaces.has(of.path)) return thing(name);
    if (of.kind === 'thing' && environments.has(of.path) && !this.table.has(path)) {
      return (
        this.host.variable(name) ??
        (name === 'HOME' && this.host.home !== undefined
          ? known(this.host.home)
          : unknown(`the variable ${name} of the environment`))
      );
    }
    const property = this.table.get(`get:${path}`);
    if (property) {
      const value = property({ path, args: [], named: new Map(), receiver: of, run: this });
      if (value !== undefined) return value;
    }
    return { kind: 'thing', path, base: of };
  }

  private index(of: Value, at: Value): Value {
    const key = textOf(at);
    if (key !== undefined && of.kind === 'list') {
      if (/^-?\d+$/.test(key)) return of.items.at(Number(key)) ?? unknown('an item that is not there');
      const slice = /^(-?\d*):(-?\d*)(?::(-1)?)?$/.exec(key);
      if (slice) {
        const part = of.items.slice(
          slice[1] ? Number(slice[1]) : undefined,
          slice[2] ? Number(slice[2]) : undefined,
        );
        return listOf(slice[3] ? part.reverse() : part, of.open);
      }
    }
    if (key !== undefined && of.kind === 'known') {
      if (/^-?\d+$/.test(key)) return known(of.text.at(Number(key)) ?? '');
      const slice = /^(-?\d*):(-?\d*)(?::(-1)?)?$/.exec(key);
      if (slice) {
        const part = of.text.slice(
          slice[1] ? Number(slice[1]) : undefined,
          slice[2] ? Number(slice[2]) : undefined,
        );
        return known(slice[3] ? [...part].reverse().join('') : part);
      }
    }
    if (key !== undefined && (of.kind === 'dict' || of.kind === 'thing')) return this.member(of, key);
    return of.kind === 'thing' ? { kind: 'thing', path: `${of.path}[]`, base: of } : unknown('an item');
  }

  private items(items: readonly Argument[]): [Value[], boolean] {
    let open = false;
    const values = items.flatMap((item): Value[] => {
      const value = this.evaluate(item.value);
      if (!item.spread) return [value];
      if (value.kind === 'list') {
        open ||= value.open;
        return [...value.items];
      }
      open = true;
      return [];
    });
    return [values, open];
  }

  private join(values: readonly Value[]): Value {
    const lists = values.filter((value) => value.kind === 'list');
    if (
      lists.length > 0 &&
      values.every((value) => value.kind === 'list' || value.kind === 'thing' || value.kind === 'unknown')
    ) {
      return listOf(
        lists.flatMap((list) => [...list.items]),
        lists.length < values.length || lists.some((list) => list.open),
      );
    }
    const [first] = values;
    if (first?.kind === 'path' && first.below !== undefined) return first;
    return joinAll(values.map(toWord), '');
  }

  private appended(target: Expr, value: Value): Value {
    const before = this.evaluate(target);
    if (before.kind === 'list')
      return value.kind === 'list'
        ? listOf([...before.items, ...value.items], before.open || value.open)
        : listOf([...before.items, value], before.open);
    return this.join([before, value]);
  }

  private assign(target: Expr, value: Value, declares: boolean): void {
    if (target.type === 'list') {
      for (const [i, item] of target.items.entries()) {
        const part =
          value.kind === 'list'
            ? (value.items[i] ?? unknown('an item'))
            : value.kind === 'thing'
              ? { ...value, path: `${value.path}[]`, base: value }
              : unknown('an item');
        this.assign(item.value, part, declares);
      }
      return;
    }
    if (target.type === 'dict') {
      for (const [key, inner] of target.entries)
        this.assign(inner, this.member(value, textOf(this.evaluate(key)) ?? '*'), declares);
      return;
    }
    if (target.type === 'choice') {
      const [first] = target.options;
      if (first) this.assign(first, value, declares);
      return;
    }
    if (target.type === 'name' && target.name.startsWith('%') && value.kind === 'list') {
      this.assign(target, pairs(value.items), declares);
      return;
    }
    const key = dotted(target);
    if (key === undefined) {
      if (target.type !== 'index') return;
      const of = this.evaluate(target.of);
      const at = textOf(this.evaluate(target.at));
      if (of.kind === 'dict' && at !== undefined) of.entries.set(at, value);
      return;
    }
    // What is kept in an object (`self.x`) outlives the function that puts it there.
    let scope = key.includes('.') ? this.globals : this.scope;
    if (!declares) {
      for (let outer: Scope | undefined = this.scope; outer; outer = outer.parent) {
        if (!outer.variables.has(key)) continue;
        scope = outer;
        break;
      }
    }
    scope.variables.set(key, value);
  }

  private each(target: Expr | undefined, of: Value, body: Expr): Value {
    const values = elements(of);
    const turns = values.length > bounds.turns ? [anyOf(values)] : values;
    const results = turns.map((value) => {
      if (target) this.assign(target, value, true);
      return this.evaluate(body);
    });
    return listOf(results, of.kind !== 'list' || of.open);
  }

  private branch(bodies: readonly Expr[]): Value {
    const scopes: Scope[] = [];
    for (let scope: Scope | undefined = this.scope; scope; scope = scope.parent) scopes.push(scope);
    const before = scopes.map((scope) => new Map(scope.variables));
    // Copies count too: thousands of branches over thousands of names would take seconds.
    this.steps += scopes.reduce((sum, scope) => sum + scope.variables.size, 0) >> 3;
    const ends = [before];
    const values = bodies.map((body) => {
      for (const [i, scope] of scopes.entries()) replace(scope.variables, before[i]);
      const value = this.evaluate(body);
      ends.push(scopes.map((scope) => new Map(scope.variables)));
      return value;
    });
    for (const [i, scope] of scopes.entries()) {
      for (const name of new Set(ends.flatMap((end) => [...(end[i]?.keys() ?? [])]))) {
        scope.variables.set(
          name,
          anyOf(ends.map((end) => end[i]?.get(name)).filter((value) => value !== undefined)),
        );
      }
    }
    return anyOf(values);
  }

  private callExpr(expr: Extract<Expr, { type: 'call' }>): Value {
    const callee = this.evaluate(expr.callee);
    const named = new Map<string, Value>();
    const positional: Argument[] = [];
    for (const arg of expr.args) {
      if (arg.name === undefined) positional.push(arg);
      else if (arg.name === '**') {
        const value = this.evaluate(arg.value);
        if (value.kind === 'dict') for (const [key, entry] of value.entries) named.set(key, entry);
      } else named.set(arg.name, this.evaluate(arg.value));
    }
    const [args, open] = this.items(positional);
    return this.call(
      callee,
      open ? [...args, unknown('further arguments', { many: true, options: true })] : args,
      named,
    );
  }

  /** Calls a value: one of the code's own functions, or something that a table knows by name. */
  call(callee: Value, args: readonly Value[], named: ReadonlyMap<string, Value> = new Map()): Value {
    if (callee.kind === 'function') return this.invoke(callee, args, named);
    if (callee.kind !== 'thing') return unknown('what a call returns');
    const site: CallSite = { path: callee.path, args, named, receiver: callee.base, run: this };
    const last = callee.path.slice(callee.path.lastIndexOf('.') + 1);
    for (const effect of [this.table.get(callee.path), this.table.get(`*.${last}`), this.table.get('*')]) {
      const result = effect?.(site);
      if (result !== undefined) return result;
    }
    this.hand(callee, args, named);
    return { kind: 'thing', path: `${callee.path}()`, base: callee, args, named };
  }

  /** Whether calling this value may do something. */
  callable(value: Value | undefined): boolean {
    return (
      value?.kind === 'function' ||
      (value?.kind === 'thing' &&
        (this.table.has(value.path) || this.table.has(`*.${value.path.split('.').at(-1)}`)))
    );
  }

  /** A function that is handed to something unknown is called by it: with the items of a list, or what stands beside it. */
  private hand(callee: Thing, args: readonly Value[], named: ReadonlyMap<string, Value>): void {
    const target = named.get('target');
    if (target !== undefined && this.callable(target)) this.call(target, elementsOrNone(named.get('args')));
    for (const [i, arg] of args.entries()) {
      if (!this.callable(arg)) continue;
      const beside = args[i + 1];
      const source =
        beside ??
        (callee.base?.kind === 'list' || callee.base?.kind === 'thing' || callee.base?.kind === 'path'
          ? callee.base
          : undefined);
      if (source === undefined) this.call(arg, []);
      else if (source.kind === 'list')
        for (const value of elements(source).slice(0, bounds.turns)) this.call(arg, [value]);
      else if (beside === undefined) for (const value of elements(source)) this.call(arg, [value]);
      else this.call(arg, args.slice(i + 1));
    }
  }

  private readonly running: Expr[] = [];

  private invoke(
    closure: Closure,
    args: readonly Value[],
    named: ReadonlyMap<string, Value> = new Map(),
  ): Value {
    this.called.add(closure.body);
    if (this.running.includes(closure.body) || this.running.length > bounds.calls)
      return unknown('it calls itself');
    const outer = this.scope;
    const returned = this.returned;
    this.scope = { variables: new Map(), parent: closure.scope };
    this.returned = [];
    this.running.push(closure.body);
    try {
      for (const [i, param] of closure.params.entries()) {
        const given = param.rest
          ? listOf(args.slice(i))
          : (args[i] ?? (param.target.type === 'name' ? named.get(param.target.name) : undefined));
        const fallback = given === undefined && param.fallback ? this.evaluate(param.fallback) : undefined;
        this.assign(param.target, given ?? fallback ?? unknown(`an argument of ${closure.name}`), true);
      }
      const last = this.evaluate(closure.body);
      return anyOf(this.returned.length > 0 ? this.returned : [last]);
    } finally {
      this.running.pop();
      this.scope = outer;
      this.returned = returned;
    }
  }
}

/** The items that a loop over a value meets. */
export function elements(value: Value): Value[] {
  if (value.kind === 'list') return value.open ? [...value.items, unknown('an item')] : [...value.items];
  if (value.kind === 'known')
    return value.text.includes('\n')
      ? value.text.replace(/\n$/, '').split('\n').map(known)
      : [...value.text].length <= bounds.turns
        ? [...value.text].map(known)
        : [unknown('a character')];
  if (value.kind === 'dict') return [...value.entries.keys()].map(known);
  if (value.kind === 'path') return [value];
  if (value.kind === 'thing')
    return [{ kind: 'thing', path: `${value.path}[]`, base: value, args: callsBefore(value)[0]?.args ?? [] }];
  return [unknown('an item')];
}

/** Perl makes a hash of a list of keys and values. */
function pairs(items: readonly Value[]): Value {
  const entries = new Map<string, Value>();
  for (let i = 0; i + 1 < items.length; i += 2) entries.set(textOf(items[i]) ?? '', items[i + 1] as Value);
  return { kind: 'dict', entries };
}

const elementsOrNone = (value: Value | undefined): Value[] =>
  value?.kind === 'list' ? [...value.items] : [];

function replace(variables: Map<string, Value>, saved: ReadonlyMap<string, Value> | undefined): void {
  variables.clear();
  for (const [name, value] of saved ?? []) variables.set(name, value);
}

/** What methods of a value are called by. */
function kindName(value: Value): string {
  if (value.kind === 'thing') return value.path;
  if (isWord(value)) return 'text';
  return value.kind;
}

/** `a.b.c` of plain names, under which an assignment to it is kept. */
function dotted(expr: Expr): string | undefined {
  const names: string[] = [];
  let each = expr;
  for (; each.type === 'member'; each = each.of) names.push(each.name);
  return each.type === 'name' && names.length < 20 ? [each.name, ...names.reverse()].join('.') : undefined;
}

function withHoles(text: string): Word {
  if (!text.includes(HOLE)) return known(text);
  const pieces = text.split(HOLE).flatMap((piece, i) => (i === 0 ? [piece] : [null, piece]));
  return {
    kind: 'unknown',
    pieces: pieces.filter((piece) => piece !== ''),
    many: false,
    options: false,
    why: 'it is not known to the shell',
  };
}

const isBlank = (word: Word): boolean =>
  word.kind === 'unknown' && word.pieces.every((piece) => piece === null || piece === '' || piece === '/');
const isOption = (word: Word): boolean => word.kind === 'known' && word.text.startsWith('-');
