import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
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

const typescript = parser.configure({ dialect: 'ts' });

/** Reads JavaScript and TypeScript. What is not valid is read as far as the grammar recovers. */
export function readJavaScript(code: string): Program {
  const topNode = parseCode(typescript, code);
  return { tree: new JavaScriptReader(code).block(childrenOf(topNode)), valid: isValid(topNode) };
}

const punctuation =
  /^(?:[()[\]{};,:.]|\?\.|=>|Arrow|Equals|async|await|new|const|let|var|function|class|return|export|default|if|else|for|while|do|try|catch|finally|switch|case|throw|in|of|yield|typeof|void|delete|Star|Optional)$/;

class JavaScriptReader {
  private readonly code: string;

  constructor(code: string) {
    this.code = code;
  }

  block(nodes: readonly SyntaxNode[]): Expr {
    return block(nodes.filter((node) => !punctuation.test(node.name)).map((node) => this.read(node)));
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
      case 'VariableDefinition':
        return this.textOf(node) === 'undefined' ? text('') : name(this.textOf(node));
      case 'this':
      case 'super':
        return name(node.name);
      case 'Number':
        return text(String(Number(this.textOf(node).replace(/n$|_/g, ''))));
      case 'BooleanLiteral':
        return text(this.textOf(node));
      case 'null':
        return text('');
      case 'String':
        return text(decodeEscapes(this.textOf(node).slice(1, -1)));
      case 'TemplateString':
        return this.template(node, true);
      case 'TaggedTemplateExpression': {
        const [tag, template] = nodes;
        return {
          type: 'call',
          callee: { type: 'member', of: this.read(tag), name: 'template`' },
          args: template
            ? [{ value: this.template(template, this.code.slice(tag?.from, tag?.to) !== 'String.raw') }]
            : [],
        };
      }
      case 'ImportDeclaration':
        return this.importDeclaration(nodes);
      case 'DynamicImport': {
        const source = nodes.find((each) => !/^(?:import|[()])$/.test(each.name));
        return source?.name === 'String'
          ? { type: 'module', path: moduleName(this.textOf(source).slice(1, -1)) }
          : { type: 'call', callee: name('require'), args: [{ value: this.read(source) }] };
      }
      case 'VariableDeclaration':
        return block(
          splitAt(nodes, ',').map((part): Expr => {
            const targets = part.filter(
              (each) => !/^(?:const|let|var|using|await|;|TypeAnnotation)$/.test(each.name),
            );
            const at = targets.findIndex((each) => each.name === 'Equals');
            if (at < 0) return nothing;
            return {
              type: 'assign',
              target: this.target(targets[0]),
              value: this.read(targets[at + 1]),
              declares: true,
            };
          }),
        );
      case 'AssignmentExpression': {
        const [left, operator, right] = nodes;
        const op = operator ? this.textOf(operator) : '=';
        if (op === '=') return { type: 'assign', target: this.target(left), value: this.read(right) };
        if (op === '+=')
          return { type: 'assign', target: this.target(left), value: this.read(right), append: true };
        return block([this.read(left), this.read(right)]);
      }
      case 'CallExpression':
      case 'NewExpression': {
        const callee = nodes.find((each) => each.name !== 'new');
        const args = nodes.find((each) => each.name === 'ArgList');
        return { type: 'call', callee: this.read(callee), args: args ? this.list(childrenOf(args)) : [] };
      }
      case 'MemberExpression': {
        const [of] = nodes;
        const property = nodes.find(
          (each) => each.name === 'PropertyName' || each.name === 'PrivatePropertyName',
        );
        if (property) return { type: 'member', of: this.read(of), name: this.textOf(property) };
        return { type: 'index', of: this.read(of), at: this.block(nodes.slice(1)) };
      }
      case 'ArrayExpression':
        return { type: 'list', items: this.list(nodes) };
      case 'ObjectExpression':
        return this.object(nodes);
      case 'ArrowFunction':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
      case 'MethodDeclaration':
        return this.func(node.name, nodes);
      case 'BinaryExpression': {
        const operator = nodes[1] ? this.textOf(nodes[1]) : '';
        const [left, right] = [this.read(nodes[0]), this.read(nodes.at(-1))];
        if (operator === '+') return { type: 'join', parts: [left, right] };
        if (/^(?:\|\||&&|\?\?)$/.test(operator)) return { type: 'choice', options: [left, right] };
        return block([left, right, name('a comparison')]);
      }
      case 'ConditionalExpression':
        return block([
          this.read(nodes[0]),
          { type: 'choice', options: [this.read(nodes[2]), this.read(nodes[4])] },
        ]);
      case 'ForStatement': {
        const spec = nodes.find((each) => /^For(?:Of|In)Spec$/.test(each.name));
        if (!spec) return this.block(nodes);
        const inner = childrenOf(spec).filter((each) => !/^(?:[()]|const|let|var|await)$/.test(each.name));
        const at = inner.findIndex((each) => each.name === 'of' || each.name === 'in');
        return {
          type: 'each',
          target: this.target(inner[at - 1]),
          of: this.read(inner[at + 1]),
          body: this.read(nodes.at(-1)),
        };
      }
      case 'IfStatement': {
        const [condition, ...bodies] = nodes.filter((each) => !punctuation.test(each.name));
        return block([
          this.read(condition),
          { type: 'branch', bodies: bodies.map((each) => this.read(each)) },
        ]);
      }
      case 'CatchClause':
        return { type: 'branch', bodies: [this.read(nodes.at(-1))] };
      case 'ReturnStatement':
        return { type: 'return', value: this.block(nodes) };
      case 'RegExp':
      case 'TypeAnnotation':
      case 'TypeArgList':
      case 'InterfaceDeclaration':
      case 'TypeAliasDeclaration':
      case 'PropertyName':
      case 'PropertyDefinition':
      case 'Label':
        return nothing;
      default:
        return this.block(nodes);
    }
  }

  private importDeclaration(nodes: readonly SyntaxNode[]): Expr {
    const source = nodes.find((node) => node.name === 'String');
    const path = moduleName(source ? this.textOf(source).slice(1, -1) : '');
    const module: Expr = { type: 'module', path };
    const items: Expr[] = [module];
    const bind = (local: string, value: Expr) =>
      items.push({ type: 'assign', target: name(local), value, declares: true });
    for (const node of nodes) {
      // A default import and a namespace are the module; that a default may be one of its parts is left to the tables.
      if (node.name === 'VariableDefinition') bind(this.textOf(node), module);
      if (node.name !== 'ImportGroup') continue;
      for (const part of splitAt(
        childrenOf(node).filter((each) => !/^[{}]$/.test(each.name)),
        ',',
      )) {
        const names = part
          .filter((each) => /^Variable/.test(each.name) || each.name === 'default')
          .map((each) => this.textOf(each));
        const [imported] = names;
        const local = names.at(-1);
        if (imported === undefined || local === undefined) continue;
        bind(local, imported === 'default' ? module : { type: 'member', of: module, name: imported });
      }
    }
    return block(items);
  }

  private func(kind: string, nodes: readonly SyntaxNode[]): Expr {
    const own =
      kind === 'MethodDeclaration' ? undefined : nodes.find((node) => node.name === 'VariableDefinition');
    const params = nodes.find((node) => node.name === 'ParamList');
    const body = nodes.at(-1);
    return {
      type: 'function',
      ...(own && kind !== 'ArrowFunction' ? { name: this.textOf(own) } : {}),
      params: this.params(params),
      body: this.read(body),
    };
  }

  private params(node: SyntaxNode | undefined): Param[] {
    if (node === undefined) return [];
    return splitAt(
      childrenOf(node).filter((each) => !/^[()]$/.test(each.name)),
      ',',
    ).flatMap((part): Param[] => {
      const target = part.find((each) =>
        /^(?:VariableDefinition|ObjectPattern|ArrayPattern)$/.test(each.name),
      );
      if (target === undefined) return [];
      const at = part.findIndex((each) => each.name === 'Equals');
      const fallback = at < 0 ? undefined : this.read(part[at + 1]);
      return [
        {
          target: this.target(target),
          ...(fallback ? { fallback } : {}),
          ...(part[0]?.name === 'Spread' ? { rest: true } : {}),
        },
      ];
    });
  }

  /** What is assigned to: a name, a member, or a pattern that takes a value apart. */
  private target(node: SyntaxNode | undefined): Expr {
    if (node === undefined) return nothing;
    const inner = childrenOf(node).filter((each) => !/^[[\]{}]$/.test(each.name));
    if (node.name === 'ArrayPattern' || node.name === 'ArrayExpression') {
      return { type: 'list', items: splitAt(inner, ',').map((part) => ({ value: this.target(part[0]) })) };
    }
    if (node.name !== 'ObjectPattern' && node.name !== 'ObjectExpression') return this.read(node);
    const entries = splitAt(inner, ',').flatMap((part): [Expr, Expr][] => {
      const property = part[0];
      if (property === undefined) return [];
      const pieces = childrenOf(property);
      const [key, mark, value] = pieces;
      if (key === undefined || key.name === 'Spread') return [];
      return [[text(this.textOf(key)), mark?.name === ':' ? this.target(value) : name(this.textOf(key))]];
    });
    return { type: 'dict', entries, rest: [] };
  }

  private list(nodes: readonly SyntaxNode[]): Argument[] {
    return splitAt(
      nodes.filter((node) => !/^[()[\]]$/.test(node.name)),
      ',',
    ).flatMap((part): Argument[] => {
      if (part.length === 0) return [];
      const spread = part[0]?.name === 'Spread';
      return [{ value: this.block(spread ? part.slice(1) : part), ...(spread ? { spread: true } : {}) }];
    });
  }

  private object(nodes: readonly SyntaxNode[]): Expr {
    const entries: [Expr, Expr][] = [];
    const rest: Expr[] = [];
    for (const node of nodes) {
      if (node.name !== 'Property') continue;
      const parts = childrenOf(node);
      const [first] = parts;
      const at = parts.findIndex((each) => each.name === ':');
      if (first === undefined) continue;
      if (first.name === 'Spread') rest.push(this.block(parts.slice(1)));
      else if (parts.some((each) => each.name === 'ParamList'))
        entries.push([text(this.textOf(first)), this.func('MethodDeclaration', parts)]);
      else if (at < 0) entries.push([text(this.textOf(first)), name(this.textOf(first))]);
      else {
        const key =
          first.name === '['
            ? this.read(parts[1])
            : text(
                first.name === 'String' ? decodeEscapes(this.textOf(first).slice(1, -1)) : this.textOf(first),
              );
        entries.push([key, this.read(parts[at + 1])]);
      }
    }
    return { type: 'dict', entries, rest };
  }

  private template(node: SyntaxNode, decode: boolean): Expr {
    const parts: Expr[] = [];
    let at = node.from + 1;
    const plain = (to: number) => {
      const piece = this.code.slice(at, to);
      if (piece !== '') parts.push(text(decode ? decodeEscapes(piece) : piece));
    };
    for (const each of childrenOf(node)) {
      if (each.name !== 'Interpolation') continue;
      plain(each.from);
      parts.push(this.block(childrenOf(each).filter((part) => !part.name.startsWith('Interpolation'))));
      at = each.to;
    }
    plain(node.to - 1);
    return { type: 'join', parts };
  }
}

/** `node:fs` is `fs`; a version or a URL that Deno takes is no part of the name. */
export const moduleName = (path: string): string =>
  path.replace(/^(?:node|npm|jsr):\/?/, '').replace(/(?<=.)@[\d^~][^/]*/, '');
