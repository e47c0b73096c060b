import type { Span } from '../../model/command.ts';
import type { Attribute, Block, Comment, Expression, Fault, Item, Parsed } from './syntax.ts';

/**
 * Reads HCL's native syntax as its specification has it
 * (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md). Never throws.
 */
export function parseHcl(text: string): Parsed {
  const parsed = new Parser(text).file();
  // A file with a slip is read again, then with what tells where a block that is not closed must end.
  return parsed.faults.length === 0 ? parsed : new Parser(text, true).file();
}

/** Reads a string of JSON syntax, which is a template. */
export function parseTemplate(text: string, span: Span): Expression {
  return new Parser(text).template(span);
}

class Stop extends Error {
  constructor(
    readonly reason: string,
    readonly at: number,
  ) {
    super(reason);
  }
}

const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const operatorAt = /\|\||&&|==|!=|>=|<=|[><+\-*/%]/y;
/** Text of a template in which nothing can begin or end. */
const plainRun = /[^"\\$%\n]+/y;
const heredocStart = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;
const topLevel =
  /(?:resource|data|module|variable|output|locals|provider|terraform|moved|import|removed|check|ephemeral)\b[^\n=]*\{/y;

const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '>': 4,
  '>=': 4,
  '<': 4,
  '<=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};

/** Deeper nesting is a fault, so that no file exhausts the stack. */
const DEEPEST = 200;

class Parser {
  private at = 0;
  private depth = 0;
  /** Above 0 within brackets, where a line end is white space. */
  private enclosed = 0;
  private readonly comments: Comment[] = [];
  private readonly faults: Fault[] = [];

  constructor(
    private readonly text: string,
    private readonly broken = false,
  ) {
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  file(): Parsed {
    const items: Item[] = [];
    while (true) {
      items.push(...this.items());
      if (this.at >= this.text.length) break;
      this.fault('a `}` that closes nothing', this.at);
      this.at += 1;
    }
    const distinct = new Map(this.comments.map((one) => [one.span.start, one]));
    const comments = [...distinct.values()].sort((a, b) => a.span.start - b.span.start);
    return { body: { items, span: { start: 0, end: this.text.length } }, comments, faults: this.faults };
  }

  template(span: Span): Expression {
    try {
      const parts = this.parts(() => this.at >= this.text.length, false);
      return { kind: 'template', parts, span };
    } catch {
      return { kind: 'dynamic', text: this.text, span };
    }
  }

  /** The items up to a `}` or the end of the file. */
  private items(): Item[] {
    const items: Item[] = [];
    const { depth } = this;
    for (;;) {
      this.blank(true);
      if (this.at >= this.text.length || this.text[this.at] === '}') return items;
      if (depth > 0 && this.startsTopLevel()) return items;
      const start = this.at;
      try {
        items.push(this.item());
        this.endOfItem();
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
        this.fault(error.reason, error.at);
        this.depth = depth;
        this.enclosed = 0;
        this.resume(start);
      }
    }
  }

  /** Whether a block of the file starts here, at the start of a line. */
  private startsTopLevel(): boolean {
    return this.broken && (this.at === 0 || this.text[this.at - 1] === '\n') && this.matches(topLevel);
  }

  /** Goes on after the item that starts here: with the next line that is not indented more. */
  private resume(start: number): void {
    const indent = this.indentAt(start);
    for (;;) {
      const end = this.text.indexOf('\n', this.at);
      this.at = end < 0 ? this.text.length : end + 1;
      if (this.at >= this.text.length) return;
      const [space = '', next = ''] = /^[ \t]*([^\s])?/.exec(this.text.slice(this.at, this.at + 400)) ?? [];
      const width = space.length - next.length;
      if (next === '' || width > indent) continue;
      // What closes the faulty item is not what closes the block around it.
      if (width === indent && /[\])}]/.test(next) && this.depth > 0) continue;
      return;
    }
  }

  private indentAt(offset: number): number {
    const line = this.text.slice(this.text.lastIndexOf('\n', offset - 1) + 1, offset);
    return line.length - line.trimStart().length;
  }

  private fault(message: string, at: number): void {
    this.faults.push({ message, at });
  }

  private item(): Item {
    const start = this.at;
    const name = this.name();
    this.blank(false);
    if (this.text[this.at] === '=' && this.text[this.at + 1] !== '=') return this.attribute(name, start);
    return this.block(name, start);
  }

  private attribute(name: string, start: number): Attribute {
    this.at += 1;
    const value = this.expression();
    return { kind: 'attribute', name, value, span: { start, end: value.span.end } };
  }

  private block(type: string, start: number): Block {
    const labels: string[] = [];
    for (;;) {
      this.blank(false);
      const char = this.text[this.at];
      if (char === '{') break;
      if (char === '"') labels.push(this.label());
      else if (char !== undefined && this.matches(identifier)) labels.push(this.name());
      else throw new Stop(`\`=\` or \`{\` is expected after \`${type}\`, not ${this.here()}`, this.at);
    }
    const open = this.at;
    this.at += 1;
    this.deeper(open);
    const inner = this.at;
    const items = this.blockItems();
    this.depth -= 1;
    const end = this.at;
    if (this.text[this.at] === '}') this.at += 1;
    else this.fault(`the block \`${type}\` that starts here is not closed`, start);
    return {
      kind: 'block',
      type,
      labels,
      body: { items, span: { start: inner, end } },
      span: { start, end: this.at },
    };
  }

  private blockItems(): Item[] {
    this.blank(false);
    if (this.text[this.at] === '}') return [];
    if (this.at >= this.text.length || this.atLineEnd()) return this.items();
    const start = this.at;
    const item = this.item();
    this.blank(false);
    if (item.kind === 'block') this.fault('a block within a block needs lines of its own', start);
    if (this.text[this.at] === '}') return [item];
    this.fault('a block on one line holds one argument, and then `}`', this.at);
    return [item, ...this.items()];
  }

  private endOfItem(): void {
    if (this.startsTopLevel()) return;
    this.blank(false);
    if (this.at >= this.text.length || this.atLineEnd()) return;
    if (this.text[this.at] === '}' && this.depth > 0) {
      this.fault('a line end is expected before this `}`', this.at);
      return;
    }
    throw new Stop(`a line end is expected, not ${this.here()}`, this.at);
  }

  private label(): string {
    const value = this.quoted();
    if (value.kind === 'template' && value.parts.every((part) => typeof part === 'string'))
      return value.parts.join('');
    throw new Stop('a label is plain text, without `${}`', value.span.start);
  }

  private name(): string {
    const found = this.take(identifier);
    if (found === undefined) throw new Stop(`a name is expected, not ${this.here()}`, this.at);
    return found;
  }

  private expression(): Expression {
    this.deeper(this.at);
    const test = this.binary(1);
    this.blank(this.enclosed > 0);
    if (this.text[this.at] !== '?') {
      this.depth -= 1;
      return test;
    }
    this.at += 1;
    const yes = this.expression();
    this.expect(':');
    const no = this.expression();
    this.depth -= 1;
    return { kind: 'conditional', test, yes, no, span: { start: test.span.start, end: no.span.end } };
  }

  private binary(least: number): Expression {
    let left = this.operand();
    for (;;) {
      this.blank(this.enclosed > 0);
      operatorAt.lastIndex = this.at;
      const operator = operatorAt.exec(this.text)?.[0];
      const level = operator === undefined ? 0 : (precedence[operator] ?? 0);
      if (operator === undefined || level < least) return left;
      this.at += operator.length;
      const right = this.binary(level + 1);
      left = {
        kind: 'binary',
        operator,
        left,
        right,
        span: { start: left.span.start, end: right.span.end },
      };
    }
  }

  private operand(): Expression {
    this.blank(this.enclosed > 0);
    const start = this.at;
    const operator = this.text[this.at];
    if (operator === '-' || operator === '!') {
      this.at += 1;
      this.deeper(start);
      const operand = this.operand();
      this.depth -= 1;
      return { kind: 'unary', operator, operand, span: { start, end: operand.span.end } };
    }
    const value = this.value();
    return this.accessors() ? this.dynamic(start) : value;
  }

  private value(): Expression {
    const start = this.at;
    const char = this.text[start];
    if (char === '"') return this.quoted();
    if (char === '(') {
      const inner = this.within(')', () => this.expression());
      return { ...inner, span: { start, end: this.at } };
    }
    if (char === '[') return this.tuple(start);
    if (char === '{') return this.object(start);
    if (char === '<' && this.text[start + 1] === '<') return this.heredoc(start);
    const digits = this.take(number);
    if (digits !== undefined)
      return { kind: 'literal', value: Number(digits), span: { start, end: this.at } };
    const word = this.take(identifier);
    if (word === undefined) throw new Stop(`a value is expected, not ${this.here()}`, this.at);
    return this.named(word, start);
  }

  private named(word: string, start: number): Expression {
    const literal = word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : undefined;
    let name = word;
    while (this.text.startsWith('::', this.at)) {
      this.at += 2;
      name += `::${this.name()}`;
    }
    const before = this.at;
    this.blank(false);
    if (this.text[this.at] !== '(') {
      this.at = before;
      const span = { start, end: this.at };
      return literal === undefined
        ? { kind: 'dynamic', text: name, span }
        : { kind: 'literal', value: literal, span };
    }
    const args = this.within(')', () => this.list(')', () => this.expression()));
    return { kind: 'call', name, args, span: { start, end: this.at } };
  }

  /** Steps over `.name`, `.0`, `.*`, `[…]`; true when there was one. */
  private accessors(): boolean {
    let found = false;
    for (;;) {
      const before = this.at;
      this.blank(this.enclosed > 0);
      if (this.text[this.at] === '.' && !this.text.startsWith('...', this.at)) {
        this.at += 1;
        this.blank(this.enclosed > 0);
        if (this.text[this.at] === '*') this.at += 1;
        else if (this.take(number) === undefined) this.name();
      } else if (this.text[this.at] === '[') {
        this.within(']', () => {
          this.blank(true);
          if (this.text[this.at] === '*') this.at += 1;
          else this.expression();
        });
      } else {
        this.at = before;
        return found;
      }
      found = true;
    }
  }

  private tuple(start: number): Expression {
    this.within(']', () => {
      if (this.startsFor()) this.forClause();
      else this.list(']', () => this.expression());
    });
    return { kind: 'collection', span: { start, end: this.at } };
  }

  private object(start: number): Expression {
    this.at += 1;
    const outer = this.enclosed;
    this.enclosed = 1;
    if (this.startsFor()) {
      this.forClause();
      this.expect('}');
    } else {
      // Within an object a line end separates, as a comma does.
      this.enclosed = 0;
      this.entries();
    }
    this.enclosed = outer;
    return { kind: 'collection', span: { start, end: this.at } };
  }

  private entries(): void {
    for (;;) {
      this.blank(true);
      if (this.text[this.at] === '}') {
        this.at += 1;
        return;
      }
      this.expression();
      this.blank(false);
      const sign = this.text[this.at];
      if (sign !== '=' && sign !== ':')
        throw new Stop(`\`=\` is expected in an object, not ${this.here()}`, this.at);
      this.at += 1;
      this.blank(true);
      this.expression();
      this.blank(false);
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== '}' && !this.atLineEnd())
        throw new Stop(`\`,\` or a line end is expected, not ${this.here()}`, this.at);
    }
  }

  private startsFor(): boolean {
    const before = this.at;
    this.blank(true);
    const found = this.take(identifier) === 'for' && /[\s#/]/.test(this.text[this.at] ?? '');
    this.at = before;
    return found;
  }

  /** `for k, v in list : k => v... if test`, up to the bracket that ends it. */
  private forClause(): void {
    this.blank(true);
    this.name();
    this.forNames();
    this.expect(':');
    this.expression();
    this.blank(true);
    if (this.text.startsWith('=>', this.at)) {
      this.at += 2;
      this.expression();
      this.blank(true);
    }
    if (this.text.startsWith('...', this.at)) this.at += 3;
    this.blank(true);
    const before = this.at;
    if (this.take(identifier) === 'if') this.expression();
    else this.at = before;
  }

  private forNames(): void {
    this.blank(true);
    this.name();
    this.blank(true);
    if (this.text[this.at] === ',') {
      this.at += 1;
      this.blank(true);
      this.name();
      this.blank(true);
    }
    const at = this.at;
    if (this.take(identifier) !== 'in') throw new Stop('`in` is expected', at);
    this.expression();
  }

  private list<T>(end: string, read: () => T): T[] {
    const found: T[] = [];
    for (;;) {
      this.blank(true);
      if (this.text[this.at] === end) return found;
      found.push(read());
      this.blank(true);
      if (this.text.startsWith('...', this.at)) {
        this.at += 3;
        this.blank(true);
      }
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== end)
        throw new Stop(`\`,\` or \`${end}\` is expected, not ${this.here()}`, this.at);
    }
  }

  /** Reads what stands between the bracket here and the one that ends it. */
  private within<T>(end: string, read: () => T): T {
    this.at += 1;
    const outer = this.enclosed;
    this.enclosed = outer + 1;
    const value = read();
    this.expect(end);
    this.enclosed = outer;
    return value;
  }

  private expect(text: string): void {
    this.blank(this.enclosed > 0);
    if (!this.text.startsWith(text, this.at))
      throw new Stop(`\`${text}\` is expected, not ${this.here()}`, this.at);
    this.at += text.length;
  }

  private quoted(): Expression {
    const start = this.at;
    this.at += 1;
    const parts = this.parts(() => {
      const char = this.text[this.at];
      if (char === undefined || char === '\n') throw new Stop('this string is not closed', start);
      return char === '"';
    }, true);
    this.at += 1;
    return { kind: 'template', parts, span: { start, end: this.at } };
  }

  private heredoc(start: number): Expression {
    heredocStart.lastIndex = start;
    const [whole, , marker = ''] = heredocStart.exec(this.text) ?? [];
    if (whole === undefined) throw new Stop('`<<` is followed by a name and a line end', start);
    this.at = start + whole.length;
    const closing = new RegExp(`[ \\t]*${marker}(?=[ \\t]*(?:\\r?\\n|$))`, 'y');
    let end = -1;
    const parts = this.parts(() => {
      if (this.at >= this.text.length) throw new Stop(`this heredoc is not closed by \`${marker}\``, start);
      if (this.text[this.at - 1] !== '\n') return false;
      closing.lastIndex = this.at;
      const [line] = closing.exec(this.text) ?? [];
      if (line === undefined) return false;
      end = this.at + line.length;
      return true;
    }, false);
    this.at = end;
    return { kind: 'template', parts, span: { start, end } };
  }

  /** The parts of a template, up to where it ends. */
  private parts(ends: () => boolean, escapes: boolean): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    let literal = '';
    while (!ends()) {
      const char = this.text[this.at] ?? '';
      const next = this.text[this.at + 1];
      if (escapes && char === '\\') {
        literal += this.escape();
      } else if ((char === '$' || char === '%') && next === char && this.text[this.at + 2] === '{') {
        literal += `${char}{`;
        this.at += 3;
      } else if ((char === '$' || char === '%') && next === '{') {
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push(this.sequence(char === '%'));
      } else {
        const run = this.take(plainRun);
        if (run === undefined) this.at += 1;
        literal += run ?? char;
      }
    }
    if (literal !== '') parts.push(literal);
    return parts;
  }

  private escape(): string {
    const found = /\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
    found.lastIndex = this.at;
    const [whole, letter, short, long] = found.exec(this.text) ?? [];
    const code = Number.parseInt(short ?? long ?? '0', 16);
    if (whole === undefined || code > 0x10ffff)
      throw new Stop('an unknown escape in a string; `\\\\` is a backslash', this.at);
    this.at += whole.length;
    const plain: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
    return letter === undefined ? String.fromCodePoint(code) : (plain[letter] ?? letter);
  }

  /** `${…}` or `%{…}`. */
  private sequence(directive: boolean): Expression {
    const start = this.at;
    this.at += this.text[start + 2] === '~' ? 3 : 2;
    const outer = this.enclosed;
    this.enclosed = 1;
    const value = directive ? this.directive() : this.expression();
    this.blank(true);
    if (this.text[this.at] === '~') this.at += 1;
    this.expect('}');
    this.enclosed = outer;
    return value ?? this.dynamic(start);
  }

  private directive(): undefined {
    this.blank(true);
    const at = this.at;
    const word = this.name();
    if (word === 'if') this.expression();
    else if (word === 'for') this.forNames();
    else if (!/^(?:else|endif|endfor)$/.test(word)) throw new Stop(`unknown directive \`${word}\``, at);
  }

  private dynamic(start: number): Expression {
    return { kind: 'dynamic', text: this.text.slice(start, this.at), span: { start, end: this.at } };
  }

  /** Steps over white space and comments, line ends among them when `lines`. A line comment ends before its line end. */
  private blank(lines: boolean): void {
    for (;;) {
      const char = this.text.charCodeAt(this.at);
      if (char === 32 || char === 9 || (char === 13 && this.text.charCodeAt(this.at + 1) === 10))
        this.at += 1;
      else if (char === 10 && lines) this.at += 1;
      else if (char === 35 || (char === 47 && this.text[this.at + 1] === '/')) {
        const end = this.text.indexOf('\n', this.at);
        this.comment(end < 0 ? this.text.length : end);
      } else if (char === 47 && this.text[this.at + 1] === '*') {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end < 0) this.fault('this comment is not closed', this.at);
        this.comment(end < 0 ? this.text.length : end + 2);
      } else return;
    }
  }

  private comment(end: number): void {
    const span = { start: this.at, end };
    this.comments.push({ text: this.text.slice(span.start, end), span });
    this.at = end;
  }

  private atLineEnd(): boolean {
    return this.text[this.at] === '\n';
  }

  private deeper(at: number): void {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Stop(`nested deeper than ${DEEPEST} levels`, at);
  }

  private matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** What stands here, for messages. */
  private here(): string {
    const char = this.text[this.at];
    if (char === undefined) return 'the end of the file';
    if (char === '\n' || char === '\r') return 'the end of the line';
    const [word] = /^[\p{ID_Continue}-]+/u.exec(this.text.slice(this.at, this.at + 40)) ?? [];
    return `\`${word ?? String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)}\``;
  }
}
