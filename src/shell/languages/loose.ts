import type { Dialect } from './dialects.ts';
import { decodeEscapes } from './lezer.ts';
import {
  type Argument,
  block,
  call,
  type Expr,
  name,
  nothing,
  type Param,
  type Program,
  TooDeep,
  text,
} from './tree.ts';

/**
 * Reads Ruby, Perl, PHP and their like: exactly where strings, comments and here-documents begin and end, and which
 * calls have which arguments; loosely everything else. It never rejects: what it does not know it steps over.
 */
export function readLoose(code: string, dialect: Dialect): Program {
  return { tree: new LooseReader(code, dialect).program(), valid: true };
}

/** Words that are no names: they separate what is read one after the other. */
const separators = new Set(
  'then do begin ensure finally try public private protected static final abstract async await in of use no package module namespace class interface trait extends implements yield goto next last redo break continue pass local my our state let var const val readonly defined not return die throw raise new clone'.split(
    ' ',
  ),
);
const arms = new Set(
  'if unless elsif elseif else while until when rescue catch case switch match cond'.split(' '),
);
const ends = new Set('end elsif elseif else when rescue ensure in'.split(' '));
const modifiers = new Set('if unless while until rescue'.split(' '));
const wordOperators = new Set(
  'and or xor not x eq ne lt gt le ge cmp if unless while until for foreach rescue do then end else elsif in is as isa instanceof'.split(
    ' ',
  ),
);
const nameStart = /[A-Za-z_\uE000]/;
const namePart = /[\w\uE000]/;
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

class LooseReader {
  private readonly code: string;
  private readonly dialect: Dialect;
  private at = 0;
  /** Bodies of here-documents: where a line starts with one, and where it ends. */
  private readonly skips = new Map<number, number>();
  private depth = 0;

  constructor(code: string, dialect: Dialect) {
    this.code = code;
    this.dialect = dialect;
  }

  program(): Expr {
    const items: Expr[] = [];
    while (this.at < this.code.length) {
      items.push(...this.statements(() => false));
      this.at++;
    }
    return block(items);
  }

  // ---- lexical ----

  private peek(length = 1): string {
    return this.code.slice(this.at, this.at + length);
  }

  private get char(): string {
    return this.code[this.at] ?? '';
  }

  private take(value: string): boolean {
    if (!this.code.startsWith(value, this.at)) return false;
    this.at += value.length;
    return true;
  }

  /** Skips spaces and comments; newlines too when `lines`. Returns whether anything was skipped. */
  private space(lines: boolean): boolean {
    const start = this.at;
    for (;;) {
      const { char } = this;
      if (char === '\n') {
        if (!lines) break;
        this.at++;
        this.at = this.skips.get(this.at) ?? this.at;
        if (this.dialect.quotes !== 'none' && this.char === '=' && /[a-z]/.test(this.code[this.at + 1] ?? ''))
          this.skipPod();
      } else if (char === ' ' || char === '\t' || char === '\r') this.at++;
      else if (char === '\\' && this.code[this.at + 1] === '\n') this.at += 2;
      else if (this.peek(2) === '/*' && this.dialect.comment.includes('//')) this.skipTo('*/');
      else if (this.dialect.comment.includes('--') && /^--\[=*\[/.test(this.peek(12))) this.longBracket(2);
      else if (this.dialect.comment.some((mark) => this.code.startsWith(mark, this.at)))
        this.at = endOf(this.code, '\n', this.at);
      else break;
    }
    return this.at > start;
  }

  private skipTo(mark: string): void {
    const end = this.code.indexOf(mark, this.at + 2);
    this.at = end < 0 ? this.code.length : end + mark.length;
  }

  /** Perl's POD and Ruby's `=begin … =end`. */
  private skipPod(): void {
    const mark = this.dialect.quotes === 'ruby' ? '\n=end' : '\n=cut';
    const end = this.code.indexOf(mark, this.at);
    this.at = end < 0 ? this.code.length : endOf(this.code, '\n', end + mark.length);
  }

  /** Lua's `[[ … ]]`, its mark `skip` characters away. */
  private longBracket(skip: number): string {
    const open = /^\[(=*)\[\n?/.exec(this.code.slice(this.at + skip, this.at + skip + 16));
    const start = this.at + skip + (open?.[0].length ?? 2);
    const end = this.code.indexOf(`]${open?.[1] ?? ''}]`, start);
    this.at = end < 0 ? this.code.length : end + (open?.[1]?.length ?? 0) + 2;
    return this.code.slice(start, end < 0 ? undefined : end);
  }

  private word(): string {
    const start = this.at;
    while (namePart.test(this.char)) this.at++;
    if (
      this.dialect.bare &&
      (this.char === '?' || this.char === '!') &&
      this.dialect.blocks === 'end' &&
      this.code[this.at + 1] !== '='
    )
      this.at++;
    return this.code.slice(start, this.at);
  }

  private peekWord(): string {
    const start = this.at;
    const found = nameStart.test(this.char) ? this.word() : '';
    this.at = start;
    return found;
  }

  // ---- statements ----

  private statements(closed: () => boolean): Expr[] {
    const items: Expr[] = [];
    if (this.depth > 120) throw new TooDeep();
    this.depth++;
    while (this.at < this.code.length) {
      this.space(true);
      if (this.char === ';' || this.char === ',') {
        this.at++;
        continue;
      }
      if (closed() || this.at >= this.code.length) break;
      if (this.peekWord().startsWith('__END__') || this.peekWord().startsWith('__DATA__')) {
        this.at = this.code.length;
        break;
      }
      const before = this.at;
      items.push(this.statement());
      if (this.at !== before) continue;
      if (/[)\]}]/.test(this.char) && this.depth > 1) break;
      this.at++;
    }
    this.depth--;
    return items;
  }

  private braceBlock(): Expr {
    this.at++;
    const items = this.statements(() => this.char === '}');
    this.take('}');
    return block(items);
  }

  private statement(): Expr {
    if (this.char === '{' && this.dialect.blocks === 'brace') return this.braceBlock();
    const word = this.peekWord();
    if (word === 'end' && this.dialect.blocks === 'end') {
      this.at += 3;
      return nothing;
    }
    if (/^(?:def|defp|sub|function|fun|fn)$/.test(word)) return this.definition(word);
    if (word === 'for' || word === 'foreach') return this.loop(word);
    if (arms.has(word)) return this.arm(word);
    if (separators.has(word) && !/^(?:new|return|my|our|local|not|die)$/.test(word)) {
      this.word();
      return nothing;
    }
    return this.modified(this.expression());
  }

  /** `STATEMENT if CONDITION`, `STATEMENT for LIST`, `A and B`. */
  private modified(first: Expr): Expr {
    let expr = first;
    for (;;) {
      this.space(false);
      const word = this.peekWord();
      if (word === 'and' || word === 'or' || word === 'xor') {
        this.word();
        this.space(true);
        expr = block([expr, this.expression()]);
      } else if (this.dialect.bare && modifiers.has(word)) {
        this.word();
        this.space(true);
        expr = block([this.expression(), { type: 'branch', bodies: [expr] }]);
      } else if (this.dialect.quotes === 'perl' && (word === 'for' || word === 'foreach')) {
        this.word();
        this.space(true);
        expr = { type: 'each', target: name('$_'), of: this.expression(), body: expr };
      } else return expr;
    }
  }

  private arm(word: string): Expr {
    this.word();
    this.space(false);
    const condition = word === 'else' ? nothing : this.expression();
    this.space(true);
    if (this.dialect.blocks === 'brace') {
      if (++this.depth > 120) throw new TooDeep();
      const body =
        this.char === '{'
          ? this.braceBlock()
          : word === 'switch' || word === 'case'
            ? nothing
            : this.statement();
      this.depth--;
      return block([condition, { type: 'branch', bodies: [body] }]);
    }
    if (this.peekWord() === 'then' || this.peekWord() === 'do') this.word();
    const body = block(this.statements(() => ends.has(this.peekWord())));
    return block([condition, { type: 'branch', bodies: [body] }]);
  }

  private loop(word: string): Expr {
    this.word();
    this.space(false);
    let target: Expr | undefined;
    while (/^(?:my|our|local)$/.test(this.peekWord())) {
      this.word();
      this.space(false);
    }
    const parenthesised = this.take('(');
    if (!parenthesised || this.dialect.sigils === '') {
      const names: Argument[] = [];
      do {
        this.space(true);
        names.push({ value: this.postfix(true) });
        this.space(false);
      } while (this.take(','));
      target = names.length === 1 ? names[0]?.value : { type: 'list', items: names };
      if (/^(?:in|of)$/.test(this.peekWord())) this.word();
    }
    this.space(true);
    let of: Expr;
    if (parenthesised) {
      const items = this.argumentList(')');
      of = { type: 'list', items: items.map((item) => ({ ...item, spread: true })) };
      if (items.length === 1 && items[0]) of = items[0].value;
    } else of = this.expression();
    // PHP: `foreach (LIST as $key => $value)`.
    if (word === 'foreach' && this.asTarget !== undefined) {
      target = this.asTarget;
      this.asTarget = undefined;
    }
    this.space(true);
    if (this.peekWord() === 'do') this.word();
    this.space(true);
    const body =
      this.char === '{'
        ? this.braceBlock()
        : this.dialect.blocks === 'end'
          ? this.untilEnd()
          : this.statement();
    return { type: 'each', target: target ?? name('$_'), of, body };
  }

  private asTarget: Expr | undefined;

  private untilEnd(): Expr {
    const items: Expr[] = [];
    for (;;) {
      items.push(...this.statements(() => ends.has(this.peekWord())));
      const word = this.peekWord();
      if (word === 'end' || this.at >= this.code.length || !ends.has(word)) break;
      if (arms.has(word)) items.push(this.arm(word));
      else this.word();
    }
    if (this.peekWord() === 'end') this.word();
    return block(items);
  }

  private definition(word: string): Expr {
    this.word();
    this.space(false);
    let own = '';
    for (;;) {
      if (nameStart.test(this.char)) own += this.word();
      else if (own !== '' && (this.take('.') || this.take(':'))) own += '.';
      else break;
    }
    this.space(false);
    const params: Param[] = [];
    const parenthesised = this.take('(');
    if (word === 'sub') {
      if (parenthesised) this.at = endOf(this.code, ')', this.at) + 1;
      params.push({ target: name('@_'), rest: true });
    } else if (parenthesised || (this.dialect.blocks === 'end' && this.char !== '\n' && this.char !== ';')) {
      const stop = parenthesised ? ')' : '\n';
      for (const item of this.argumentList(stop)) {
        const target = item.name === undefined ? item.value : name(item.name);
        if (target.type === 'assign') params.push({ target: target.target, fallback: target.value });
        else params.push(item.name === undefined ? { target } : { target, fallback: item.value });
      }
    }
    this.space(true);
    while (
      this.char === ':' ||
      this.char === '?' ||
      (this.dialect.sigils === '$' && this.peekWord() !== '' && this.char !== '{')
    ) {
      this.at++;
      this.word();
      this.space(true);
    }
    if (this.peekWord() === 'do') this.word();
    const body =
      this.char === '{'
        ? this.braceBlock()
        : this.dialect.blocks === 'end'
          ? this.untilEnd()
          : this.expression();
    return { type: 'function', ...(own === '' ? {} : { name: own.split('.').at(-1) ?? own }), params, body };
  }

  // ---- expressions ----

  expression(): Expr {
    this.depth++;
    try {
      if (this.depth > 120) throw new TooDeep();
      return this.assignment();
    } finally {
      this.depth--;
    }
  }

  private assignment(): Expr {
    const left = this.binary();
    this.space(false);
    const operator = /^(?:\.=|\+=|\*=|<<=|\|\|=|\/\/=|\?\?=|<-|<<-|:=|=(?![=~>]))/.exec(this.peek(3))?.[0];
    if (operator === undefined) return left;
    this.at += operator.length;
    this.space(true);
    const value = this.expression();
    const append = operator === '.=' || operator === '+=';
    return { type: 'assign', target: left, value, ...(append ? { append: true } : {}) };
  }

  private binary(): Expr {
    let left = this.unary();
    for (;;) {
      const start = this.at;
      this.space(false);
      const word = this.peekWord();
      if (/^(?:x|eq|ne|lt|gt|le|ge|cmp|isa|instanceof)$/.test(word) && this.dialect.bare) {
        this.word();
        this.space(true);
        const right = this.unary();
        left =
          word === 'x' ? call(name('text[*]'), [left, right]) : block([left, right, name('a comparison')]);
        continue;
      }
      if (word === 'as' && this.dialect.sigils === '$') {
        this.word();
        this.space(true);
        this.asTarget = this.unary();
        this.space(true);
        if (this.take('=>')) {
          this.space(true);
          this.asTarget = this.unary();
        }
        return left;
      }
      const operator =
        /^(?:=>|->|=~|!~|<=>|===|!==|==|!=|&&|\|\||\/\/|\?\?|\*\*|\.\.\.|\.\.|<<|>>|<>|\+\+|--|<=|>=|\|>|%in%|[+\-*/%.<>?|&^~:])/.exec(
          this.peek(4),
        )?.[0];
      if (
        operator === undefined ||
        operator === '=>' ||
        (/^(?:->|\.)$/.test(operator) && !this.dialect.concat.includes(operator))
      )
        break;
      if (
        /^(?:[-+*/%|&^.]|\*\*|\/\/|\|\||<<|\?\?)$/.test(operator) &&
        this.code[this.at + operator.length] === '=' &&
        this.code[this.at + operator.length + 1] !== '='
      )
        break;
      if (operator === '<' && this.code[this.at + 1] === '-' && this.dialect.concat.length === 0) break;
      if (operator === ':') break;
      if (operator === '++' || operator === '--') {
        this.at += 2;
        continue;
      }
      if (operator === '|' && this.dialect.blocks === 'end' && this.inParams) break;
      this.at += operator.length;
      this.space(true);
      if (operator === '?') {
        const yes = this.expression();
        this.space(true);
        this.take(':');
        this.space(true);
        left = block([left, { type: 'choice', options: [yes, this.expression()] }]);
        continue;
      }
      const before = this.at;
      const right = this.unary();
      if (this.at === before) {
        this.at = Math.max(start + 1, before);
        break;
      }
      if (this.dialect.concat.includes(operator)) left = { type: 'join', parts: [left, right] };
      else if (operator === '||' || operator === '//' || operator === '??' || operator === '&&')
        left = { type: 'choice', options: [left, right] };
      else if (operator === '%' && this.dialect.quotes === 'ruby')
        left = call(name('text[%]'), [left, right]);
      else if (operator === '*') left = call(name('text[*]'), [left, right]);
      else if (operator === '|>')
        left =
          right.type === 'call' ? { ...right, args: [{ value: left }, ...right.args] } : call(right, [left]);
      else if (operator === '<<') left = { type: 'assign', target: left, value: right, append: true };
      else left = block([left, right, name('a comparison')]);
    }
    return left;
  }

  private inParams = false;

  private unary(): Expr {
    this.space(false);
    for (;;) {
      const word = this.peekWord();
      if (word === 'return') {
        this.word();
        this.space(false);
        return { type: 'return', value: /[;\n}]/.test(this.char) ? nothing : this.expression() };
      }
      if (
        /^(?:my|our|local|new|not|defined|await|yield|clone|throw|raise|die|let|var|const|val|scalar|ref)$/.test(
          word,
        ) &&
        !/^\s*=/.test(this.code.slice(this.at + word.length, this.at + word.length + 4))
      ) {
        this.word();
        this.space(false);
        continue;
      }
      break;
    }
    const splat =
      this.dialect.blocks === 'end' ? (this.dialect.quotes === 'ruby' ? /[*&]/ : /\*/) : undefined;
    for (;;) {
      if (/[!~\\+]/.test(this.char) || (this.char === '-' && this.code[this.at + 1] !== '>')) {
        this.at++;
        // Perl's file tests: `-d $path`.
        if (this.dialect.quotes === 'perl' && /^[a-zA-Z]\s/.test(this.peek(2))) this.at++;
      } else if (splat?.test(this.char)) this.at++;
      else break;
      this.space(false);
    }
    return this.postfix(false);
  }

  private postfix(target: boolean): Expr {
    let expr = this.primary();
    if (expr === undefined) return nothing;
    for (;;) {
      const start = this.at;
      const { char } = this;
      if (char === '(' && callable(expr)) {
        this.at++;
        expr = { type: 'call', callee: expr, args: this.argumentList(')') };
        if (!target) expr = this.withBlock(expr);
        continue;
      }
      if (char === '[') {
        this.at++;
        const items = this.argumentList(']');
        expr = { type: 'index', of: expr, at: items[0]?.value ?? nothing };
        continue;
      }
      if (
        char === '{' &&
        this.dialect.quotes === 'perl' &&
        (expr.type === 'index' || (expr.type === 'name' && expr.name.startsWith('%')))
      ) {
        expr = this.key(expr);
        continue;
      }
      if (
        (char === '"' || char === "'" || this.peek(2) === '[[') &&
        this.dialect.comment.includes('--') &&
        callable(expr)
      ) {
        const argument = this.primary();
        expr = call(expr, argument ? [argument] : []);
        continue;
      }
      const mark = this.selector();
      if (mark) {
        this.space(true);
        if (this.dialect.quotes === 'perl' && this.char === '{') {
          expr = this.key(expr);
          continue;
        }
        if (this.char === '[' || this.char === '(') continue;
        if (this.char === '$') {
          expr = { type: 'index', of: expr, at: this.primary() ?? nothing };
          continue;
        }
        const own = this.word();
        if (own === '' || (mark === '.' && this.dialect.concat.includes('.'))) {
          this.at = start;
          return expr;
        }
        expr = { type: 'member', of: expr, name: own };
        if (!target) expr = this.bareCall(expr);
        continue;
      }
      this.at = start;
      return expr;
    }
  }

  /** `.`, `->`, `::` or `&.` before a member; a `.` may start the next line. */
  private selector(): string | undefined {
    const dot = !this.dialect.concat.includes('.');
    const start = this.at;
    if (dot && this.space(true) && !/^(?:\.[A-Za-z_]|&\.|->)/.test(this.peek(2))) this.at = start;
    for (const mark of [
      '::',
      '->',
      '&.',
      '?->',
      '?.',
      ...(dot ? ['.'] : []),
      ...(this.dialect.comment.includes('--') ? [':'] : []),
    ]) {
      if (!this.code.startsWith(mark, this.at) || (mark === '.' && this.code[this.at + 1] === '.')) continue;
      if (mark === '->' && this.dialect.blocks === 'end') continue;
      if (mark === ':' && !nameStart.test(this.code[this.at + 1] ?? '')) continue;
      this.at += mark.length;
      return mark;
    }
    return undefined;
  }

  /** `{key}` after a Perl hash. */
  private key(of: Expr): Expr {
    this.at++;
    this.space(true);
    const bare = /^(\w+)\s*\}/.exec(this.code.slice(this.at, this.at + 100));
    if (bare) {
      this.at += bare[0].length;
      return { type: 'index', of, at: text(bare[1] ?? '') };
    }
    const at = this.expression();
    this.space(true);
    this.take('}');
    return { type: 'index', of, at };
  }

  private argumentList(close: string): Argument[] {
    const items: Argument[] = [];
    const entries: [Expr, Expr][] = [];
    while (this.at < this.code.length) {
      this.space(close !== '\n');
      if (close === '\n' ? this.char === '\n' || this.char === ';' : this.take(close)) break;
      if (this.char === ',') {
        this.at++;
        continue;
      }
      const before = this.at;
      this.argumentInto(items, entries, true);
      if (this.at === before) this.at++;
      if (this.char === ';' && close === ')') this.at++;
    }
    return entries.length === 0 ? items : [...items, { value: { type: 'dict', entries, rest: [] } }];
  }

  private argumentInto(items: Argument[], entries: [Expr, Expr][], enclosed: boolean): void {
    const label = /^([A-Za-z_]\w*)(?::(?!:)\s*|\s*=(?![=~>])\s*)/.exec(
      this.code.slice(this.at, this.at + 80),
    );
    if (label && (this.dialect.bare || this.dialect.concat.length === 0 || label[0].includes('='))) {
      this.at += label[0].length;
      items.push({ name: label[1] ?? '', value: this.expression() });
      return;
    }
    const spread =
      this.char === '*' && this.dialect.quotes === 'ruby'
        ? { spread: true as const }
        : this.dialect.quotes === 'perl' && this.char === '@'
          ? { spread: true as const }
          : {};
    const value = enclosed ? this.modified(this.expression()) : this.expression();
    this.space(enclosed);
    if (!this.take('=>')) {
      items.push({ value, ...spread });
      return;
    }
    this.space(true);
    const right = this.expression();
    if (this.dialect.quotes === 'perl') items.push({ value: nameAsText(value) }, { value: right });
    else entries.push([value, right]);
  }

  /** `name args` without parentheses, where the language has it. */
  private bareCall(callee: Expr): Expr {
    if (this.char === '(') return callee;
    const start = this.at;
    const spaced = this.space(false);
    if (this.dialect.bare && spaced && this.startsArgument(start)) {
      const items: Argument[] = [];
      const entries: [Expr, Expr][] = [];
      do {
        this.space(true);
        this.argumentInto(items, entries, false);
        this.space(false);
      } while (this.take(','));
      const args =
        entries.length === 0 ? items : [...items, { value: { type: 'dict', entries, rest: [] } as Expr }];
      return this.withBlock({ type: 'call', callee, args });
    }
    this.at = start;
    const after = this.withBlock({ type: 'call', callee, args: [] });
    if (after.type === 'call' && after.args.length > 0) return after;
    // A bare name of Ruby or Perl is a call as much as a variable: `system`, `p.unlink`.
    if (this.dialect.bare && callee.type === 'member' && this.dialect.blocks === 'end')
      return /^[A-Z]/.test(callee.name) ? callee : after;
    return callee;
  }

  private startsArgument(from: number): boolean {
    const { char } = this;
    const next = this.code[this.at + 1] ?? '';
    const word = this.peekWord();
    if (word !== '')
      return (
        !wordOperators.has(word) &&
        !/^\s*=(?![=~>])/.test(this.code.slice(this.at + word.length, this.at + word.length + 3))
      );
    if (/["'`$@\d]/.test(char)) return true;
    if (char === '[' || char === '\\') return this.dialect.blocks === 'end' || this.dialect.quotes === 'perl';
    if (char === ':') return nameStart.test(next) || next === '"';
    if (char === '<')
      return (
        (this.dialect.quotes === 'perl' && /[*$\w~"']/.test(next)) ||
        (next === '<' && /[~\-"'A-Z]/.test(this.code[this.at + 2] ?? ''))
      );
    if (char === '*' || char === '&' || char === '-' || char === '%' || char === '/')
      return this.at > from && next !== ' ' && next !== '=' && this.dialect.quotes !== 'none';
    return false;
  }

  /** A block after a call is its last argument. */
  private withBlock(expr: Extract<Expr, { type: 'call' }>): Expr {
    const start = this.at;
    this.space(false);
    const word = this.peekWord();
    if (this.dialect.blocks === 'end' && this.dialect.bare && (this.char === '{' || word === 'do')) {
      const brace = this.char === '{';
      if (brace) this.at++;
      else this.word();
      this.space(true);
      const params = this.blockParams();
      const body = brace ? block(this.statements(() => this.char === '}')) : this.untilEnd();
      if (brace) this.take('}');
      return { ...expr, args: [...expr.args, { value: { type: 'function', params, body } }] };
    }
    if (
      this.dialect.quotes === 'perl' &&
      this.char === '{' &&
      expr.callee.type === 'name' &&
      /^(?:map|grep|sort|eval|do|first|any|all)$/.test(expr.callee.name)
    ) {
      const body = this.braceBlock();
      this.space(true);
      if (expr.callee.name === 'eval' || expr.callee.name === 'do') return body;
      return { type: 'each', target: name('$_'), of: this.expression(), body };
    }
    this.at = start;
    return expr;
  }

  private blockParams(): Param[] {
    if (!this.take('|')) return [{ target: name('it') }];
    const end = endOf(this.code, '|', this.at);
    const names = this.code.slice(this.at, end).match(/[A-Za-z_]\w*/g) ?? [];
    this.at = end + 1;
    return names.map((own) => ({ target: name(own) }));
  }

  private primary(): Expr | undefined {
    this.space(false);
    const { char, dialect } = this;
    if (char === '"') return this.quoted('"', true);
    if (char === "'") return this.quoted("'", false);
    if (char === '`') {
      if (dialect.backtick === 'text') return this.quoted('`', false);
      const inner = this.quoted('`', true);
      return dialect.backtick === 'shell'
        ? { type: 'shell', text: inner }
        : name(inner.type === 'text' ? inner.text : '');
    }
    if (char === '[' && dialect.comment.includes('--') && /^\[=*\[/.test(this.peek(8)))
      return text(this.longBracket(0));
    if (char === '[') {
      this.at++;
      return { type: 'list', items: this.argumentList(']') };
    }
    if (char === '(') {
      this.at++;
      const items = this.argumentList(')');
      if (items.length === 1 && items[0] && items[0].name === undefined) return items[0].value;
      return { type: 'list', items };
    }
    if (char === '{') {
      this.at++;
      const items = this.argumentList('}');
      const last = items.at(-1)?.value;
      if (last?.type === 'dict') return last;
      const named = items
        .filter((item) => item.name !== undefined)
        .map((item): [Expr, Expr] => [text(item.name ?? ''), item.value]);
      return named.length > 0
        ? { type: 'dict', entries: named, rest: [] }
        : dialect.comment.includes('--')
          ? { type: 'list', items }
          : block(items.map((item) => item.value));
    }
    if (/\d/.test(char)) {
      const number =
        /^(?:0x[\da-fA-F_]+|\d[\d_]*(?:\.\d+)?)/.exec(this.code.slice(this.at, this.at + 40))?.[0] ?? char;
      this.at += number.length;
      return text(String(Number(number.replaceAll('_', ''))));
    }
    if (char === '<' && dialect.quotes === 'perl') {
      const glob = /^<([^<>\n=;]*)>/.exec(this.code.slice(this.at, this.at + 200));
      if (glob && !/^[$\w]*$/.test(glob[1] ?? '')) {
        this.at += glob[0].length;
        return call(name('<>'), [text(glob[1] ?? '')]);
      }
      if (glob) {
        this.at += glob[0].length;
        return call(name('readline'), []);
      }
    }
    const document = this.hereDocument();
    if (document) return document;
    if (char === ':' && nameStart.test(this.code[this.at + 1] ?? '')) {
      this.at++;
      const own = this.word();
      return this.char === '.' && dialect.interpolation === 'hash' && dialect.quotes === 'none'
        ? name(own)
        : text(own);
    }
    if (char === ':' && this.code[this.at + 1] === '"') {
      this.at++;
      return this.quoted('"', true);
    }
    if (char === '/' && dialect.quotes !== 'none') return this.regex();
    if (char === '%' && dialect.quotes === 'ruby') return this.rubyQuote();
    if (char !== '' && dialect.sigils.includes(char)) return this.variable();
    if (char === '-' && dialect.quotes === 'ruby') return undefined;
    if (nameStart.test(char)) return this.named();
    return undefined;
  }

  private named(): Expr {
    const start = this.at;
    const own = this.word();
    if (
      this.dialect.quotes === 'perl' &&
      /^(?:q|qq|qw|qx|m|qr|s|tr|y)$/.test(own) &&
      !/^\s*(?:=>|[,;)=])/.test(this.code.slice(this.at, this.at + 6))
    ) {
      const quote = this.perlQuote(own);
      if (quote) return quote;
    }
    if (/^(?:true|false|nil|null|undef|None|TRUE|FALSE|NULL|T|F)$/.test(own))
      return text(/^t/i.test(own) ? 'true' : /^f/i.test(own) ? 'false' : '');
    if (/^(?:sub|function|fn)$/.test(own) && /^\s*[({]/.test(this.code.slice(this.at, this.at + 4))) {
      this.at = start;
      return this.definition(own);
    }
    if (/^(?:r|R)$/.test(own) && this.dialect.concat.length === 0 && this.char === '"')
      return this.quoted('"', false);
    if (
      this.dialect.quotes === 'perl' &&
      /^(?:eval|do|map|grep|sort)$/.test(own) &&
      /^\s*\{/.test(this.code.slice(this.at, this.at + 8))
    ) {
      return this.withBlock({ type: 'call', callee: name(own), args: [] });
    }
    if (this.dialect.quotes === 'perl' && /^\s*=>/.test(this.code.slice(this.at, this.at + 8)))
      return text(own);
    return this.bareCall(name(own));
  }

  /** `$x`, `@x`, `%h`, `$x[0]`, `$h{k}`, `${x}`, `@{$x}`. */
  private variable(): Expr {
    const sigil = this.char;
    this.at++;
    if (sigil === '@' && this.char === '@') this.at++;
    if (this.char === '{') {
      this.at++;
      const bare = /^\s*\^?(\w+)\s*\}/.exec(this.code.slice(this.at, this.at + 80));
      if (bare) {
        this.at += bare[0].length;
        return name(sigil + (bare[1] ?? ''));
      }
      const inner = block(this.statements(() => this.char === '}'));
      this.take('}');
      return inner;
    }
    if (this.char === '$' && nameStart.test(this.code[this.at + 1] ?? '')) return this.variable();
    if (!namePart.test(this.char)) {
      if (this.dialect.quotes !== 'perl' || /\s/.test(this.char)) return nothing;
      this.at++;
      return name(sigil + (this.code[this.at - 1] ?? ''));
    }
    let own = this.word();
    while (
      this.dialect.quotes === 'perl' &&
      this.peek(2) === '::' &&
      namePart.test(this.code[this.at + 2] ?? '')
    ) {
      this.at += 2;
      own = `${own}.${this.word()}`;
    }
    if (sigil === '&') return name(own);
    if (this.dialect.quotes !== 'perl' || sigil !== '$') return name(sigil + own);
    if (this.char === '[') return name(`@${own}`);
    return name(this.char === '{' ? `%${own}` : `$${own}`);
  }

  // ---- strings ----

  /** The text between delimiters; brackets nest. Ends after the closing one. */
  private delimited(): string {
    const open = this.char;
    const close = closers[open] ?? open;
    this.at++;
    const start = this.at;
    let depth = 1;
    while (this.at < this.code.length) {
      const { char } = this;
      if (char === '\\') this.at++;
      else if (char === close && --depth === 0) break;
      else if (char === open && close !== open) depth++;
      this.at++;
    }
    const inner = this.code.slice(start, this.at);
    this.at++;
    return inner;
  }

  private quoted(_mark: string, interpolated: boolean): Expr {
    // Three quotes: Elixir, Groovy, Julia.
    if (this.peek(3) === '"""') {
      const end = this.code.indexOf('"""', this.at + 3);
      const inner = this.code.slice(this.at + 3, end < 0 ? undefined : end);
      this.at = end < 0 ? this.code.length : end + 3;
      return this.interpolate(inner);
    }
    const inner = this.delimited();
    return interpolated
      ? this.interpolate(inner)
      : text(
          this.dialect.interpolation === 'none' ? decodeEscapes(inner) : inner.replace(/\\([\\'])/g, '$1'),
        );
  }

  /** A double-quoted text: escapes decoded, code inside read. */
  private interpolate(source: string): Expr {
    const { interpolation } = this.dialect;
    if (interpolation === 'none') return text(decodeEscapes(source));
    const parts: Expr[] = [];
    let start = 0;
    let i = 0;
    const plain = (to: number) => {
      if (to > start) parts.push(text(decodeEscapes(source.slice(start, to))));
    };
    while (i < source.length) {
      if (source[i] === '\\') {
        i += 2;
        continue;
      }
      const length =
        interpolation === 'hash'
          ? this.hashLength(source, i)
          : dollarLength(source, i, this.dialect.quotes === 'perl');
      if (length === 0) {
        i++;
        continue;
      }
      plain(i);
      parts.push(this.inner(source.slice(i, i + length)));
      i += length;
      start = i;
    }
    plain(source.length);
    return parts.length === 0 ? text('') : { type: 'join', parts };
  }

  private hashLength(source: string, at: number): number {
    return source.startsWith('#{', at) ? balanced(source, at + 1) - at : 0;
  }

  /** Code of an interpolation: `#{…}`, `$x…`, `{$x…}`, `@{[ … ]}`. */
  private inner(source: string): Expr {
    const bare =
      source.startsWith('#{') || (source.startsWith('{') && this.dialect.sigils === '$')
        ? source.slice(source.indexOf('{') + 1, -1)
        : this.dialect.sigils === '' && /^\$[({]/.test(source)
          ? source.slice(2, -1)
          : this.dialect.sigils === ''
            ? source.slice(1)
            : source;
    if (this.depth > 40) return nothing;
    const reader = new LooseReader(bare, this.dialect);
    reader.depth = this.depth + 10;
    const value = reader.program();
    // A list in a string is its items with spaces between.
    return source.startsWith('@') ? call(name('join'), [text(' '), value]) : value;
  }

  private rubyQuote(): Expr | undefined {
    const match = /^%([qQwWiIxr]?)([^\w\s=])/.exec(this.peek(3));
    if (!match) return undefined;
    this.at += match[0].length - 1;
    const inner = this.delimited();
    switch (match[1]) {
      case 'q':
        return text(inner);
      case 'w':
      case 'i':
        return {
          type: 'list',
          items: inner
            .trim()
            .split(/\s+/)
            .map((word) => ({ value: text(word) })),
        };
      case 'W':
      case 'I':
        return {
          type: 'list',
          items: inner
            .trim()
            .split(/\s+/)
            .map((word) => ({ value: this.interpolate(word) })),
        };
      case 'x':
        return { type: 'shell', text: this.interpolate(inner) };
      case 'r':
        return name('a pattern');
      default:
        return this.interpolate(inner);
    }
  }

  private perlQuote(kind: string): Expr | undefined {
    const start = this.at;
    this.space(true);
    if (this.at >= this.code.length || (namePart.test(this.char) && this.at === start)) {
      this.at = start;
      return undefined;
    }
    const open = this.char;
    const inner = this.delimited();
    if (kind === 'q') return text(inner);
    if (kind === 'qw')
      return {
        type: 'list',
        items: inner
          .trim()
          .split(/\s+/)
          .map((word) => ({ value: text(word) })),
      };
    if (kind === 'qq') return this.interpolate(inner);
    if (kind === 'qx') return { type: 'shell', text: open === "'" ? text(inner) : this.interpolate(inner) };
    if (kind === 'm' || kind === 'qr') {
      this.flags();
      return name('a pattern');
    }
    // `s{…}{…}`: brackets come twice, other delimiters are shared.
    if (closers[open] !== undefined) this.space(true);
    else this.at--;
    const replacement = this.delimited();
    const flags = this.flags();
    if (kind === 's' && flags.includes('e') && this.depth < 40) {
      const reader = new LooseReader(replacement, this.dialect);
      reader.depth = this.depth + 10;
      return block([reader.program(), name('a replacement')]);
    }
    return name('a replacement');
  }

  private flags(): string {
    const start = this.at;
    while (/[a-z]/.test(this.char)) this.at++;
    return this.code.slice(start, this.at);
  }

  private regex(): Expr {
    const line = endOf(this.code, '\n', this.at);
    const inner = /^\/(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\//.exec(
      this.code.slice(this.at, Math.min(line, this.at + 2000)),
    );
    this.at += inner?.[0].length ?? 1;
    if (inner) this.flags();
    return name('a pattern');
  }

  private hereDocument(): Expr | undefined {
    const { heredoc } = this.dialect;
    if (heredoc === 'none' || !this.code.startsWith(heredoc, this.at)) return undefined;
    const match = /^<{2,3}\s?([~-]?)\s*(?:"([^"\n]+)"|'([^'\n]+)'|([A-Za-z_]\w*))/.exec(
      this.code.slice(this.at, this.at + 80),
    );
    const mark = match?.[2] ?? match?.[3] ?? match?.[4];
    if (!match || mark === undefined) return undefined;
    this.at += match[0].length;
    let start = endOf(this.code, '\n', this.at) + 1;
    while (this.skips.has(start)) start = this.skips.get(start) ?? start;
    const lines: string[] = [];
    let end = start;
    while (end < this.code.length) {
      const stop = endOf(this.code, '\n', end);
      const line = this.code.slice(end, stop);
      end = stop + 1;
      if (line.trim().replace(/[;,)].*$/, '') === mark) break;
      lines.push(match[1] === '~' ? line.trimStart() : line);
    }
    this.skips.set(start, Math.min(end, this.code.length));
    const body = lines.map((line) => `${line}\n`).join('');
    return match[3] === undefined ? this.interpolate(body) : text(body);
  }
}

const callable = (expr: Expr): boolean =>
  expr.type === 'name' ||
  expr.type === 'member' ||
  expr.type === 'index' ||
  expr.type === 'call' ||
  expr.type === 'function';
const nameAsText = (expr: Expr): Expr => (expr.type === 'name' ? text(expr.name) : expr);

function endOf(code: string, mark: string, from: number): number {
  const end = code.indexOf(mark, from);
  return end < 0 ? code.length : end;
}

/** The place after the bracket that closes the one at `at`. */
function balanced(source: string, at: number): number {
  const open = source[at] ?? '';
  const close = closers[open] ?? open;
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    if (source[i] === open) depth++;
    else if (source[i] === close && --depth === 0) return i + 1;
  }
  return source.length;
}

/** How long a variable or an expression is that a string holds; 0 when there is none. */
function dollarLength(source: string, at: number, perl: boolean): number {
  const rest = source.slice(at, at + 400);
  if (rest.startsWith('{$')) return balanced(source, at) - at;
  if (/^[$@]\{/.test(rest) && (perl || rest.startsWith('$')))
    return subscripts(source, balanced(source, at + 1)) - at;
  if (rest.startsWith('$(')) return perl ? 0 : balanced(source, at + 1) - at;
  const match = (
    perl ? /^[$@]\$*[A-Za-z_\uE000][\w\uE000]*(?:::\w+)*|^\$[0-9_]/ : /^\$[A-Za-z_\uE000][\w\uE000]*/
  ).exec(rest);
  return match ? subscripts(source, at + match[0].length) - at : 0;
}

/** The end of `[…]`, `{…}` and `->…` after a variable in a string. */
function subscripts(source: string, from: number): number {
  let at = from;
  for (;;) {
    const arrow = source.startsWith('->', at) ? 2 : 0;
    const next = source[at + arrow];
    if (next === '[' || next === '{') at = balanced(source, at + arrow);
    else if (arrow > 0 && nameStart.test(next ?? ''))
      at += 2 + (/^\w+/.exec(source.slice(at + 2, at + 82))?.[0].length ?? 0);
    else return at;
  }
}
