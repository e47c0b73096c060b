import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { nearest } from '../policy/nearest.ts';
import { PolicyError } from '../policy/policy-error.ts';
import type { ConditionBlock } from './catalogue.ts';

/** An IAM policy document in AWS's own form, as it is written out. */
export type PolicyJson = { readonly Version: '2012-10-17'; readonly Statement: readonly StatementJson[] };

export type StatementJson = {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: ConditionBlock;
};

/** A policy document as it is evaluated. */
export type PolicyDocument = { readonly file: string; readonly statements: readonly Statement[] };

export type Statement = {
  /** Its Sid, or its place: `statement 2`. */
  readonly name: string;
  /** `file:line:column`. */
  readonly at: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly Condition[];
};

/** What fits one of the patterns, or with `not` what fits none. */
export type Selection = { readonly not: boolean; readonly patterns: readonly string[] };

export type Condition = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

/** AWS counts no white space in the size of a managed policy. */
export const sizeOf = (document: PolicyJson): number => JSON.stringify(document).replaceAll(/\s/g, '').length;

/** A document that was made here, for evaluation. */
export const documentOf = (file: string, json: PolicyJson): PolicyDocument =>
  readDocument(file, JSON.stringify(json));

/**
 * Reads the JSON text of a policy document, or the answer of `aws iam get-policy-version` with one inside.
 * Throws PolicyError at the first fault.
 */
export function readDocument(file: string, source: string): PolicyDocument {
  const text = source.replace(/^\uFEFF/, '');
  const fault = (offset: number, problem: string): PolicyError => {
    const before = text.slice(0, offset).split('\n');
    return new PolicyError(file, before.length, (before.at(-1)?.length ?? 0) + 1, problem);
  };
  if (text.trim() === '') throw fault(0, 'not JSON: the text is empty');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined || tree === undefined) {
    const code = first === undefined ? 'ValueExpected' : printParseErrorCode(first.error);
    throw fault(first?.offset ?? 0, `not JSON: ${spoken(code)}`);
  }
  return new Reader(file, fault).document(unwrapped(tree));
}

/** `PropertyNameExpected` as `property name expected`. */
const spoken = (code: string): string => code.replaceAll(/(?<!^)([A-Z])/g, ' $1').toLowerCase();

/** The document within what the AWS CLI prints. */
function unwrapped(tree: Node): Node {
  const version = memberOf(tree, 'PolicyVersion');
  return (version && memberOf(version, 'Document')) ?? tree;
}

const memberOf = (object: Node, name: string): Node | undefined =>
  object.type === 'object'
    ? object.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;

type FaultAt = (offset: number, problem: string) => PolicyError;

class Reader {
  readonly #file: string;
  readonly #fault: FaultAt;

  constructor(file: string, fault: FaultAt) {
    this.#file = file;
    this.#fault = fault;
  }

  document(tree: Node): PolicyDocument {
    const members = this.#members(tree, 'a policy', ['Version', 'Id', 'Statement']);
    const version = members.get('Version');
    if (version === undefined)
      throw this.#fault(tree.offset, '`Version` is missing: without "2012-10-17" variables are not replaced');
    if (version.value !== '2012-10-17' && version.value !== '2008-10-17')
      throw this.#fault(version.offset, '`Version` is neither "2012-10-17" nor "2008-10-17"');
    const list = members.get('Statement');
    if (list === undefined) throw this.#fault(tree.offset, '`Statement` is missing');
    const statements = list.type === 'array' ? (list.children ?? []) : [list];
    if (statements.length === 0) throw this.#fault(list.offset, '`Statement` is empty');
    return { file: this.#file, statements: statements.map((node, index) => this.#statement(node, index)) };
  }

  #statement(node: Node, index: number): Statement {
    const members = this.#members(node, 'a statement', statementKeys);
    const principal = members.get('Principal') ?? members.get('NotPrincipal');
    if (principal !== undefined)
      throw this.#fault(principal.offset, 'a boundary, like every policy of an identity, has no principal');
    const effect = members.get('Effect');
    if (effect?.value !== 'Allow' && effect?.value !== 'Deny')
      throw this.#fault((effect ?? node).offset, '`Effect` is neither "Allow" nor "Deny"');
    const sid = members.get('Sid')?.value;
    return {
      name: typeof sid === 'string' && sid !== '' ? sid : `statement ${index + 1}`,
      at: this.#fault(node.offset, '').message.replace(/: $/, ''),
      effect: effect.value,
      actions: this.#selection(node, members, 'Action'),
      resources: this.#selection(node, members, 'Resource'),
      conditions: this.#conditions(members.get('Condition')),
    };
  }

  #selection(node: Node, members: ReadonlyMap<string, Node>, name: 'Action' | 'Resource'): Selection {
    const [plain, negated] = [members.get(name), members.get(`Not${name}`)];
    if (plain !== undefined && negated !== undefined)
      throw this.#fault(negated.offset, `\`${name}\` and \`Not${name}\` stand in one statement`);
    const value = plain ?? negated;
    if (value === undefined) throw this.#fault(node.offset, `\`${name}\` is missing`);
    return { not: plain === undefined, patterns: this.#texts(value, name) };
  }

  #texts(node: Node, what: string): readonly string[] {
    const items = node.type === 'array' ? (node.children ?? []) : [node];
    if (items.length === 0) throw this.#fault(node.offset, `\`${what}\` is empty`);
    return items.map((item) => {
      if (typeof item.value === 'string') return item.value;
      throw this.#fault(item.offset, `\`${what}\` is neither text nor a list of texts`);
    });
  }

  #conditions(node: Node | undefined): readonly Condition[] {
    if (node === undefined) return [];
    return [...this.#members(node, 'a condition')].flatMap(([operator, keys]) =>
      [...this.#members(keys, `\`${operator}\``)].map(([key, values]): Condition => {
        const items = values.type === 'array' ? (values.children ?? []) : [values];
        return { operator, key, values: items.map((item) => this.#scalar(item, key)) };
      }),
    );
  }

  #scalar(node: Node, key: string): string {
    if (['string', 'number', 'boolean'].includes(node.type)) return String(node.value);
    throw this.#fault(node.offset, `the value of \`${key}\` is neither text, number nor truth`);
  }

  #members(node: Node, what: string, known?: readonly string[]): ReadonlyMap<string, Node> {
    if (node.type !== 'object') throw this.#fault(node.offset, `${what} is not an object`);
    const members = new Map<string, Node>();
    for (const { children } of node.children ?? []) {
      const [name, value] = children ?? [];
      if (name === undefined || value === undefined) continue;
      const key = String(name.value);
      if (members.has(key)) throw this.#fault(name.offset, `\`${key}\` stands twice`);
      if (known !== undefined && !known.includes(key)) {
        const meant = nearest(key, known);
        const hint = meant === undefined ? '' : ` (did you mean \`${meant}\`?)`;
        throw this.#fault(name.offset, `unknown element \`${key}\`${hint}`);
      }
      members.set(key, value);
    }
    return members;
  }
}

const statementKeys = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
