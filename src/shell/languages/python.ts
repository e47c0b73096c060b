import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { childrenOf, decodeEscapes, isValid, parseCode, splitAt } from './lezer.ts';
import {
  type Argument,
  block,
  type Expr,
  name,
  nothing,
  type Param,
  type Program,
  TooDeep,
  text,
} from './tree.ts';

/** Reads Python. What is not valid is read as far as the grammar recovers. */
export function readPython(code: string): Program {
  const topNode = parseCode(parser, code);
  return { tree: new PythonReader(code).block(childrenOf(topNode)), valid: isValid(topNode) };
}

class PythonReader {
  private readonly code: string;
  private readonly outer: Set<string>;

  constructor(code: string) {
    this.code = code;
    this.outer = new Set(
      [...code.matchAll(/\b(?:global|nonlocal)\s+([\w, ]+)/g)].flatMap((match) =>
        (match[1] ?? '').split(/[,\s]+/),
      ),
    );
  }

  block(nodes: readonly SyntaxNode[]): Expr {
    return block(nodes.map((node) => this.read(node)));
  }

  private textOf(node: SyntaxNode): string {
    return this.code.slice(node.from, node.to);
  }

  private depth = 0;

  private read(node: SyntaxNode | undefined): Expr {
    if (node === undefined) return nothing;
    if (++this.depth > 250) throw new TooDeep();
    const expr = this.exprOf(node);
    this.depth--;
    return expr;
  }

  private exprOf(node: SyntaxNode): Expr {
    const nodes = childrenOf(node);
    switch (node.name) {
      case 'VariableName':
        return name(this.textOf(node));
      case 'Number':
        return text(number(this.textOf(node)));
      case 'Boolean':
        return text(this.textOf(node).toLowerCase());
      case 'None':
        return text('');
      case 'String':
        return text(literal(this.textOf(node)));
      case 'FormatString':
        return this.formatString(node, nodes);
      case 'ContinuedString':
        return { type: 'join', parts: nodes.map((part) => this.read(part)) };
      case 'ImportStatement':
        return this.importStatement(nodes);
      case 'AssignStatement':
        return this.assignStatement(nodes);
      case 'UpdateStatement': {
        const [target, operator, value] = [nodes[0], nodes[1], nodes[2]];
        if (operator && this.textOf(operator) === '+=')
          return {
            type: 'assign',
            target: this.read(target),
            value: this.read(value),
            append: true,
            ...this.declares(target),
          };
        return block([this.read(target), this.read(value)]);
      }
      case 'NamedExpression':
        return { type: 'assign', target: this.read(nodes[0]), value: this.read(nodes[2]) };
      case 'CallExpression': {
        const [callee, args] = nodes;
        return { type: 'call', callee: this.read(callee), args: args ? this.args(args) : [] };
      }
      case 'MemberExpression': {
        const [of, mark, ...rest] = nodes;
        if (mark?.name === '.')
          return { type: 'member', of: this.read(of), name: rest[0] ? this.textOf(rest[0]) : '' };
        return { type: 'index', of: this.read(of), at: this.subscript(rest) };
      }
      case 'ParenthesizedExpression':
      case 'ExpressionStatement':
      case 'AwaitExpression':
        return block(
          nodes.filter((each) => !/^(?:[()]|await)$/.test(each.name)).map((each) => this.read(each)),
        );
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return { type: 'list', items: this.list(nodes) };
      case 'DictionaryExpression':
        return this.dictionary(nodes);
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return this.comprehension(nodes);
      case 'BinaryExpression':
        return this.binary(nodes);
      case 'ConditionalExpression': {
        const [yes, , condition, , no] = nodes;
        return block([this.read(condition), { type: 'choice', options: [this.read(yes), this.read(no)] }]);
      }
      case 'LambdaExpression':
        return {
          type: 'function',
          params: this.params(nodes.find((each) => each.name === 'ParamList')),
          body: this.read(nodes.at(-1)),
        };
      case 'FunctionDefinition': {
        const own = nodes.find((each) => each.name === 'VariableName');
        return {
          type: 'function',
          ...(own ? { name: this.textOf(own) } : {}),
          params: this.params(nodes.find((each) => each.name === 'ParamList')),
          body: this.read(nodes.at(-1)),
        };
      }
      case 'ForStatement': {
        const at = nodes.findIndex((each) => each.name === 'in');
        const bodies = nodes.filter((each) => each.name === 'Body');
        const target = this.targets(nodes.slice(nodes.findIndex((each) => each.name === 'for') + 1, at));
        const of = this.oneOrList(
          nodes.slice(
            at + 1,
            nodes.findIndex((each) => each.name === 'Body'),
          ),
        );
        return block([
          { type: 'each', target, of, body: this.read(bodies[0]) },
          ...bodies.slice(1).map((body) => this.read(body)),
        ]);
      }
      case 'IfStatement':
      case 'MatchStatement':
      case 'MatchBody': {
        const bodies = nodes.filter((each) => /^(?:Body|MatchClause|MatchBody)$/.test(each.name));
        const conditions = nodes.filter(
          (each) => !bodies.includes(each) && !/^(?:if|elif|else|match)$/.test(each.name),
        );
        return block([
          ...conditions.map((each) => this.read(each)),
          { type: 'branch', bodies: bodies.map((each) => this.read(each)) },
        ]);
      }
      case 'WhileStatement':
        return block([this.read(nodes[1]), { type: 'branch', bodies: [this.block(nodes.slice(2))] }]);
      case 'TryStatement': {
        const items: Expr[] = [];
        let handler = false;
        for (const each of nodes) {
          if (each.name === 'except') handler = true;
          else if (/^(?:try|finally|else)$/.test(each.name)) handler = false;
          else if (each.name === 'Body')
            items.push(handler ? { type: 'branch', bodies: [this.read(each)] } : this.read(each));
        }
        return block(items);
      }
      case 'WithStatement':
        return this.withStatement(nodes);
      case 'ReturnStatement':
      case 'YieldStatement':
        return { type: 'return', value: this.oneOrList(nodes.slice(1)) };
      case 'StatementGroup':
      case 'Body':
        return this.block(nodes.filter((each) => each.name !== ':'));
      case 'ClassDefinition':
        return this.block(nodes.filter((each) => each.name === 'Body' || each.name === 'ArgList'));
      case 'TypeDef':
      case 'PropertyName':
        return nothing;
      default:
        return this.block(nodes);
    }
  }

  private declares(target: SyntaxNode | undefined): { declares?: true } {
    return target !== undefined && this.outer.has(this.textOf(target)) ? {} : { declares: true };
  }

  private importStatement(nodes: readonly SyntaxNode[]): Expr {
    const at = nodes.findIndex((node) => node.name === 'import');
    const from =
      nodes[0]?.name === 'from'
        ? nodes
            .slice(1, at)
            .map((node) => this.textOf(node))
            .join('')
        : undefined;
    const items = splitAt(
      nodes.slice(at + 1).filter((node) => !/^[()]$/.test(node.name)),
      ',',
    ).map((part): Expr => {
      const as = part.findIndex((node) => node.name === 'as');
      const path = (as < 0 ? part : part.slice(0, as)).map((node) => this.textOf(node)).join('');
      if (path === '') return nothing;
      if (path === '*')
        return { type: 'call', callee: name('import-star'), args: [{ value: text(from ?? '') }] };
      const alias = part[as + 1];
      const whole = from === undefined ? path : `${from}.${path}`;
      // `import a.b` binds `a`; what is reached through it keeps the same name.
      const bound =
        as >= 0 && alias ? this.textOf(alias) : from === undefined ? (path.split('.')[0] ?? path) : path;
      const module = as >= 0 || from !== undefined ? whole : bound;
      return block([
        { type: 'module', path: from ?? whole },
        { type: 'assign', target: name(bound), value: { type: 'module', path: module }, declares: true },
      ]);
    });
    return block(items);
  }

  private assignStatement(nodes: readonly SyntaxNode[]): Expr {
    const parts = splitAt(
      nodes.filter((node) => node.name !== 'TypeDef'),
      'AssignOp',
    );
    const value = this.oneOrList(parts.at(-1) ?? []);
    return block(
      parts
        .slice(0, -1)
        .map(
          (part): Expr => ({ type: 'assign', target: this.targets(part), value, ...this.declares(part[0]) }),
        ),
    );
  }

  private targets(nodes: readonly SyntaxNode[]): Expr {
    return this.oneOrList(nodes.filter((node) => node.name !== '*'));
  }

  /** `a` or, as a tuple without parentheses, `a, b`. */
  private oneOrList(nodes: readonly SyntaxNode[]): Expr {
    if (!nodes.some((node) => node.name === ',')) return this.block(nodes);
    return { type: 'list', items: this.list(nodes) };
  }

  private list(nodes: readonly SyntaxNode[]): Argument[] {
    return splitAt(
      nodes.filter((node) => !/^[()[\]{}]$/.test(node.name)),
      ',',
    ).flatMap((part): Argument[] => {
      const spread = part[0]?.name === '*';
      const value = part.at(-1);
      return value === undefined ? [] : [{ value: this.read(value), ...(spread ? { spread: true } : {}) }];
    });
  }

  private args(node: SyntaxNode): Argument[] {
    const inner = childrenOf(node).filter((each) => !/^[()]$/.test(each.name));
    if (inner.some((each) => each.name === 'for')) return [{ value: this.comprehension(inner) }];
    return splitAt(inner, ',').flatMap((part): Argument[] => {
      const [first, second, third] = part;
      if (first === undefined) return [];
      if (second?.name === 'AssignOp' && third)
        return [{ name: this.textOf(first), value: this.read(third) }];
      if (first.name === '**' && second) return [{ name: '**', value: this.read(second) }];
      if (first.name === '*' && second) return [{ value: this.read(second), spread: true }];
      return [{ value: this.block(part) }];
    });
  }

  private subscript(nodes: readonly SyntaxNode[]): Expr {
    const inner = nodes.filter((node) => node.name !== ']');
    if (inner.some((node) => node.name === ':')) return text(inner.map((node) => this.textOf(node)).join(''));
    return this.oneOrList(inner);
  }

  private dictionary(nodes: readonly SyntaxNode[]): Expr {
    const entries: [Expr, Expr][] = [];
    const rest: Expr[] = [];
    for (const part of splitAt(
      nodes.filter((node) => !/^[{}]$/.test(node.name)),
      ',',
    )) {
      const [key, mark, value] = part;
      if (key?.name === '**') rest.push(this.read(mark));
      else if (key && value) entries.push([this.read(key), this.read(value)]);
    }
    return { type: 'dict', entries, rest };
  }

  /** `[body for target in of if …]`. */
  private comprehension(nodes: readonly SyntaxNode[]): Expr {
    const inner = nodes.filter((node) => !/^[()[\]{}]$/.test(node.name));
    const first = inner.findIndex((node) => node.name === 'for');
    const clauses: SyntaxNode[][] = [];
    for (const node of inner.slice(first)) {
      if (node.name === 'for') clauses.push([]);
      else clauses.at(-1)?.push(node);
    }
    let body = this.block(inner.slice(0, first).filter((node) => node.name !== ':' && node.name !== 'async'));
    for (const clause of clauses.reverse()) {
      const at = clause.findIndex((node) => node.name === 'in');
      const test = clause.findIndex((node) => node.name === 'if');
      const of = this.block(clause.slice(at + 1, test < 0 ? undefined : at + 2));
      const tests =
        test < 0
          ? []
          : clause
              .slice(test + 1)
              .filter((node) => node.name !== 'if')
              .map((node) => this.read(node));
      body = { type: 'each', target: this.targets(clause.slice(0, at)), of, body: block([...tests, body]) };
    }
    return body;
  }

  private binary(nodes: readonly SyntaxNode[]): Expr {
    const [left, operator, right] = [
      this.read(nodes[0]),
      nodes[1] ? this.textOf(nodes[1]) : '',
      this.read(nodes.at(-1)),
    ];
    if (operator === '+') return { type: 'join', parts: [left, right] };
    if (operator === '/') return { type: 'slash', left, right };
    if (operator === 'or' || operator === 'and') return { type: 'choice', options: [left, right] };
    if (operator === '%')
      return { type: 'call', callee: name('text[%]'), args: [{ value: left }, { value: right }] };
    if (operator === '*')
      return { type: 'call', callee: name('text[*]'), args: [{ value: left }, { value: right }] };
    return block([left, right, name('a comparison')]);
  }

  private params(node: SyntaxNode | undefined): Param[] {
    if (node === undefined) return [];
    const parts = splitAt(
      childrenOf(node).filter((each) => !/^[()]$/.test(each.name) && each.name !== 'TypeDef'),
      ',',
    );
    return parts.flatMap((part): Param[] => {
      const rest = part[0]?.name === '*';
      const own = part.find((each) => each.name === 'VariableName');
      if (own === undefined || part[0]?.name === '**') return [];
      const at = part.findIndex((each) => each.name === 'AssignOp');
      const fallback = at < 0 ? undefined : this.read(part[at + 1]);
      return [
        {
          target: name(this.textOf(own)),
          ...(fallback ? { fallback } : {}),
          ...(rest ? { rest: true } : {}),
        },
      ];
    });
  }

  private withStatement(nodes: readonly SyntaxNode[]): Expr {
    const items: Expr[] = [];
    let value: SyntaxNode | undefined;
    for (const [i, node] of nodes.entries()) {
      if (/^(?:with|async|,|[()])$/.test(node.name)) continue;
      if (node.name === 'as') continue;
      if (nodes[i - 1]?.name === 'as') {
        items.push({ type: 'assign', target: this.read(node), value: this.read(value), declares: true });
        value = undefined;
        continue;
      }
      if (value) items.push(this.read(value));
      value = node;
    }
    return block([...items, this.read(value)]);
  }

  private formatString(node: SyntaxNode, replacements: readonly SyntaxNode[]): Expr {
    const source = this.textOf(node);
    const { prefix, quote } = opening(source);
    const parts: Expr[] = [];
    let at = node.from + prefix.length + quote.length;
    const plain = (to: number) => {
      const piece = this.code.slice(at, to).replace(/\{\{/g, '{').replace(/\}\}/g, '}');
      if (piece !== '') parts.push(text(/r/i.test(prefix) ? piece : decodeEscapes(piece)));
    };
    for (const replacement of replacements) {
      plain(replacement.from);
      const inner = childrenOf(replacement).filter(
        (each) => !/^(?:[{}]|FormatConversion|FormatSpec|FormatSelfDoc)$/.test(each.name),
      );
      parts.push(this.block(inner));
      at = replacement.to;
    }
    plain(node.to - quote.length);
    return { type: 'join', parts };
  }
}

function opening(source: string): { prefix: string; quote: string } {
  const match = /^([A-Za-z]*)('''|"""|'|")/.exec(source);
  return { prefix: match?.[1] ?? '', quote: match?.[2] ?? '' };
}

/** The text of a string literal. */
function literal(source: string): string {
  const { prefix, quote } = opening(source);
  const inner = source.slice(
    prefix.length + quote.length,
    source.endsWith(quote) ? source.length - quote.length : undefined,
  );
  return /r/i.test(prefix) ? inner : decodeEscapes(inner);
}

/** A number as decimal text. */
function number(source: string): string {
  const value = Number(source.replaceAll('_', ''));
  return Number.isNaN(value) ? source : String(value);
}
