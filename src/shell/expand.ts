import type { Facts } from '../model/facts.ts';
import { known, type Word } from '../model/word.ts';
import { expandBraces } from './braces.ts';
import { piecesOf, separatorsOf } from './fields.ts';
import { limits } from './limits.ts';
import { type Expansion, expandParameter } from './parameter.ts';
import { type ParsedScript, parseWord, type SyntaxNode, type WordNode } from './parse.ts';
import { compact, oneOf, type State, unknown } from './state.ts';

type Part = NonNullable<WordNode['parts']>[number];

/** What expanding needs of the interpreter: facts, and what a substitution writes. */
export type Expander = {
  readonly facts: Facts;
  /** Runs the commands of a substitution; what they write to standard output. */
  substitute(script: ParsedScript | undefined, state: State): Word;
  /** Runs `<( )` or `>( )`; the path that stands for it. */
  processSubstitution(script: ParsedScript | undefined, operator: '<' | '>', state: State): Word;
  /** The value of an arithmetic expression. */
  arithmetic(node: SyntaxNode | undefined, state: State): Word;
  /** Notes that something may run which is not read. */
  doubt(why: string): void;
};

/** A run of text within a word. `null`: cannot be known. `loose` text is split into fields, bare text is not. */
export type Fragment = {
  readonly text: string | null;
  readonly quoting: 'quoted' | 'bare' | 'loose';
  readonly why?: string;
  readonly options?: boolean;
  readonly many?: boolean;
  /** What stands here where nothing is split: the value of `x=$@` is joined with blanks. */
  readonly unsplit?: string;
  /** It stands for the names of files that fit it, which an earlier word was expanded to. */
  readonly glob?: true;
};

/** Starts a new field (between the elements of `"$@"`). */
export const fieldBreak: Fragment = { text: '', quoting: 'quoted', why: 'break' };
/** `"$@"` without arguments: no field at all. */
export const noField: Fragment = { text: '', quoting: 'bare' };

/** The lists of words that a word of source may become, in each way that can be told apart. */
export function expandFields(
  node: WordNode,
  state: State,
  expander: Expander,
  use: Use = 'argument',
): readonly (readonly Word[])[] {
  if (node.parts?.some((part) => part.type === 'BraceExpansion')) {
    const sources = expandBraces(node.text);
    const words = sources?.map(parseWord);
    if (words === undefined || words.includes(undefined))
      return [[unknown('a brace expansion that is not read', { many: true })]];
    return product(
      words.flatMap((word) =>
        word === undefined ? [] : [expandFields(withoutBraces(word), state, expander)],
      ),
    );
  }
  const alternatives = fragmentsOf(node, state, expander, use).map((fragments) =>
    fieldsOf(fragments, separatorsOf(state)),
  );
  return mergeSingles(alternatives);
}

/** Braces that are left after expansion are text. The fields of a node are accessors, so it is copied by name. */
export function withoutBraces({ type, text, value, pos, end, parts }: WordNode): WordNode {
  const plain = parts?.map(
    (part): Part =>
      part.type === 'BraceExpansion' && part.parts === undefined
        ? { type: 'Literal', pos: part.pos, end: part.end, text: part.text, value: part.text }
        : part,
  );
  return { type, text, value, pos, end, parts: plain };
}

/** One word without field splitting: the value of an assignment, a redirection's target, a here-string. */
export function expandText(node: WordNode, state: State, expander: Expander): Word {
  return textOf(fragmentsOf(node, state, expander).map((list) => list.map(quoted)));
}

const quoted = (fragment: Fragment): Fragment =>
  fragment.quoting === 'quoted' ? fragment : { ...fragment, quoting: 'quoted' };

/** The text of a here-document's body or another list of parts that is expanded as if in double quotes. */
export function expandParts(parts: readonly Part[], state: State, expander: Expander): Word {
  return textOf(alternativesOf(parts, state, expander, true));
}

/** Lists of fragments as one word: its text, alternatives, or what is known of it. */
export function textOf(alternatives: readonly (readonly Fragment[])[]): Word {
  const words = alternatives.map((fragments): Word => {
    const pieces = compact(
      fragments.map((fragment) => (fragment === fieldBreak ? ' ' : (fragment.unsplit ?? fragment.text))),
    );
    const glob = fragments.some((fragment) => fragment.glob === true);
    if (!pieces.includes(null)) return { ...known(pieces.join('')), ...(glob ? { glob } : {}) };
    const hole = fragments.find((fragment) => fragment.text === null);
    return { kind: 'unknown', pieces, many: false, options: false, why: hole?.why ?? 'it cannot be known' };
  });
  const [first] = words;
  return words.length === 1 && first ? first : oneOf(words, 'too many possible values');
}

/** The operand of `${x:-…}` outside quotes: what is bare in it is split into fields like any expansion. */
export const operandFragments = (
  node: WordNode,
  state: State,
  expander: Expander,
): readonly (readonly Fragment[])[] =>
  fragmentsOf(node, state, expander).map((list) =>
    list.map(
      (fragment): Fragment => (fragment.quoting === 'bare' ? { ...fragment, quoting: 'loose' } : fragment),
    ),
  );

/** The operand of `${x%…}` or `${x/…}` as a pattern, in which what is quoted stands for itself. */
export function expandPattern(node: WordNode, state: State, expander: Expander): Word {
  const literal = (text: string | null) => text?.replace(/[*?[\]\\!@+(){}|^-]/g, '\\$&') ?? null;
  if (node.parts === undefined) {
    if (node.text === node.value) return known(tilde(node.value, state, expander));
    return known(/['"]/.test(node.text) ? (literal(node.value) ?? '') : node.text);
  }
  const lists = node.parts.map((part, i) =>
    part.type === 'Literal' && part.text.includes('\\')
      ? [[{ text: part.text, quoting: 'bare' } as const]]
      : partAlternatives(part, i === 0 && part.text.startsWith('~'), state, expander, false).map((list) =>
          list.map((fragment) =>
            fragment.quoting === 'quoted' ? { ...fragment, text: literal(fragment.text) } : fragment,
          ),
        ),
  );
  return textOf(
    lists.reduce<readonly (readonly Fragment[])[]>(
      (done, list) => done.flatMap((a) => list.map((b) => [...a, ...b])),
      [[]],
    ),
  );
}

function fragmentsOf(
  node: WordNode,
  state: State,
  expander: Expander,
  use: Use = 'text',
): readonly (readonly Fragment[])[] {
  if (node.parts === undefined) {
    return [
      [
        {
          text: startsWithTilde(node.text, use) ? tilde(node.value, state, expander) : node.value,
          quoting: /^['"]/.test(node.text) || node.text.includes('\\') ? 'quoted' : 'bare',
        },
      ],
    ];
  }
  return alternativesOf(node.parts, state, expander, false, use);
}

type Use = 'argument' | 'text';

/** Whether source starts with a tilde that is not quoted. Arguments that look like assignments count after the `=` too. */
const startsWithTilde = (source: string, use: Use): boolean =>
  source.startsWith('~') || (use === 'argument' && /^[A-Za-z_]\w*\+?=~/.test(source));

function tilde(text: string, state: State, { facts }: Pick<Expander, 'facts'>): string {
  const assigned = /^([A-Za-z_]\w*\+?=)(~.*)$/s.exec(text);
  if (assigned?.[1] !== undefined) return assigned[1] + tilde(assigned[2] ?? '', state, { facts });
  const match = /^~([^/]*)(\/.*)?$/s.exec(text);
  if (!match) return text;
  const [, user, rest = ''] = match;
  if (user === '') {
    const set = state.variables.get('HOME');
    const home = set !== undefined && 'kind' in set && set.kind === 'known' ? set.text : facts.home;
    return home === undefined ? text : home.replace(/\/$/, '') + rest;
  }
  if (user === '+') return state.cwd === undefined ? text : state.cwd + rest;
  // The directory before: where the line began, once it has left that.
  if (user === '-') return state.cwd === facts.cwd ? text : facts.cwd + rest;
  if (user === 'root') return `/root${rest}`;
  return /^[\w.-]+$/.test(user ?? '') ? `/home/${user}${rest}` : text;
}

/** Every way the parts can expand, each a list of fragments. */
function alternativesOf(
  parts: readonly Part[],
  state: State,
  expander: Expander,
  inQuotes: boolean,
  use: Use = 'text',
): readonly (readonly Fragment[])[] {
  let lists: Fragment[][] = [[]];
  for (const [i, part] of parts.entries()) {
    // A tilde's name ends at a slash or with the word: `~$x` stays as it is.
    const named = i === 0 && !inQuotes && (parts.length === 1 || part.text.includes('/'));
    const ways = partAlternatives(part, named && startsWithTilde(part.text, use), state, expander, inQuotes);
    // Beside other text: where an element of a list is no word at all, its neighbours become one.
    const expansions = parts.length > 1 ? ways.flatMap(withoutMany) : ways;
    const [only] = expansions;
    // In place where nothing branches: a word of many parts would be copied again for each of them.
    if (expansions.length === 1 && only) for (const list of lists) list.push(...only);
    else lists = lists.flatMap((list) => expansions.map((expansion) => [...list, ...expansion]));
    if (lists.length > limits.alternatives)
      return [[{ text: null, quoting: inQuotes ? 'quoted' : 'loose', why: 'too many possible values' }]];
  }
  return lists;
}

/** A list that holds an element which may be no word: as it stands, and without it. */
function withoutMany(list: readonly Fragment[]): readonly (readonly Fragment[])[] {
  const may = (fragment: Fragment | undefined) => fragment?.text === null && fragment.many === true;
  if (!list.includes(fieldBreak) || !list.some(may)) return [list];
  const less = list.filter(
    (fragment, i) =>
      !may(fragment) && !(fragment === fieldBreak && (may(list[i + 1]) || (i === 1 && may(list[0])))),
  );
  return [list, less];
}

function partAlternatives(
  part: Part,
  home: boolean,
  state: State,
  expander: Expander,
  inQuotes: boolean,
): readonly (readonly Fragment[])[] {
  const loose = inQuotes ? 'quoted' : 'loose';
  switch (part.type) {
    case 'Literal': {
      const text = home ? tilde(part.value, state, expander) : part.value;
      return [[{ text, quoting: inQuotes || part.text.includes('\\') ? 'quoted' : 'bare' }]];
    }
    case 'BraceExpansion':
      // Where bash does no braces (an assignment, a redirection), what is quoted in them is quoted.
      if (part.parts !== undefined) {
        const brace = (text: string): Fragment => ({ text, quoting: inQuotes ? 'quoted' : 'bare' });
        const inner = alternativesOf(part.parts, state, expander, inQuotes);
        return inner.map((list) => [brace('{'), ...list, brace('}')]);
      }
      return [[{ text: part.text, quoting: inQuotes ? 'quoted' : 'bare' }]];
    case 'Glob':
    case 'ExtendedGlob':
      return [[{ text: part.text, quoting: inQuotes ? 'quoted' : 'bare' }]];
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [[{ text: part.value, quoting: 'quoted' }]];
    case 'DoubleQuoted':
    case 'LocaleString': {
      const inner = alternativesOf(part.parts, state, expander, true);
      // Quotes make a field even when they hold nothing, unless they hold only `$@` without arguments.
      return inner.map((list) => {
        if (list.length === 0) return [{ text: '', quoting: 'quoted' }];
        return list.includes(noField) && list.every(({ text }) => text === '') ? [noField] : list;
      });
    }
    case 'SimpleExpansion':
      return fragmentsFrom(
        expandParameter({ parameter: part.text.slice(1) }, state, expander, inQuotes),
        loose,
        state,
      );
    case 'ParameterExpansion':
      return fragmentsFrom(
        expandParameter(
          { parameter: part.parameter, prefix: part.prefix, index: part.index, operation: part.operation },
          state,
          expander,
          inQuotes,
        ),
        loose,
        state,
      );
    case 'CommandExpansion':
      return fragmentsOfWord(expander.substitute(part.script, state), loose);
    case 'ArithmeticExpansion':
      return fragmentsOfWord(expander.arithmetic(part, state), loose);
    case 'ProcessSubstitution':
      return fragmentsOfWord(expander.processSubstitution(part.script, part.operator, state), 'quoted');
  }
}

function fragmentsFrom(
  expansions: readonly Expansion[],
  loose: 'quoted' | 'loose',
  state: State,
): readonly (readonly Fragment[])[] {
  return expansions.flatMap((expansion): readonly (readonly Fragment[])[] => {
    if ('fragments' in expansion) return expansion.fragments;
    if (!('elements' in expansion)) return fragmentsOfWord(expansion, loose);
    const { elements, apart } = expansion;
    if (elements.length === 0)
      return [[apart || loose === 'loose' ? noField : { text: '', quoting: 'quoted' }]];
    if (!apart && loose === 'quoted' && elements.some((word) => word.kind === 'unknown' && word.many))
      return [[{ text: null, quoting: 'quoted', why: 'a list that is not known' }]];
    const lists = elements.map((element) => fragmentsOfWord(element, loose));
    // `"$*"` is joined with the first character of IFS.
    const joint = separatorsOf(state)?.slice(0, 1) ?? null;
    // Outside quotes they are joined so too, and split again; white space leaves nothing of that.
    const blank = joint === null || /^[ \t\n]?$/.test(joint);
    const separator: Fragment =
      (loose === 'loose' && blank) || (apart && loose === 'quoted')
        ? fieldBreak
        : { text: joint, quoting: loose, ...(apart ? { unsplit: ' ' } : {}) };
    return lists.reduce<readonly (readonly Fragment[])[]>(
      (done, list, i) => done.flatMap((a) => list.map((b) => (i === 0 ? [...b] : [...a, separator, ...b]))),
      [[]],
    );
  });
}

function fragmentsOfWord(word: Word, quoting: 'quoted' | 'loose'): readonly (readonly Fragment[])[] {
  if (word.kind !== 'unknown') {
    const glob = word.glob === true ? { glob: true as const } : {};
    return (word.kind === 'known' ? [word.text] : word.texts).map((text) => [{ text, quoting, ...glob }]);
  }
  return [
    word.pieces.map(
      (text): Fragment =>
        text === null
          ? { text, quoting, why: word.why, options: word.options, many: word.many }
          : { text, quoting },
    ),
  ];
}

/** Splits fragments into fields as bash does after expansion. `ifs` undefined: the separators are not known. */
function fieldsOf(fragments: readonly Fragment[], ifs: string | undefined): Word[] {
  const fields: Word[] = [];
  let pieces: (string | null)[] = [];
  let exists = false;
  let glob = false;
  let many = false;
  let options = false;
  let why = '';
  const close = () => {
    if (exists) {
      const joined = compact(pieces);
      const pattern = glob ? { glob: true as const } : {};
      fields.push(
        joined.includes(null)
          ? { kind: 'unknown', pieces: joined, many, options, why }
          : { ...known(joined.join('')), ...pattern },
      );
    }
    pieces = [];
    exists = glob = many = options = false;
  };
  for (const fragment of fragments) {
    if (fragment === fieldBreak) {
      exists = exists || pieces.length > 0;
      close();
      continue;
    }
    if (fragment === noField) continue;
    const { text, quoting } = fragment;
    if (text === null) {
      pieces.push(null);
      exists = true;
      many = many || quoting === 'loose' || fragment.many === true;
      options = options || fragment.options === true;
      why = fragment.why ?? why;
      continue;
    }
    if (quoting === 'quoted') {
      pieces.push(text);
      exists = true;
      glob = glob || fragment.glob === true;
      continue;
    }
    if (quoting === 'bare') {
      pieces.push(text);
      exists = exists || text.length > 0;
      glob = glob || /[*?[]/.test(text);
      continue;
    }
    if (ifs === undefined) {
      pieces.push(null);
      exists = many = true;
      why = 'what separates words (IFS) is not known';
      continue;
    }
    const parts = piecesOf(text, ifs ?? '');
    for (const [i, { text: part, ends }] of parts.entries()) {
      if (part !== '') {
        pieces.push(part);
        exists = true;
        glob = glob || fragment.glob === true || /[*?[]/.test(part);
      }
      if (ends) exists = true;
      if (i < parts.length - 1) close();
    }
  }
  close();
  return fields;
}

/** Alternatives of one field each as one word with several values. */
function mergeSingles(alternatives: readonly (readonly Word[])[]): readonly (readonly Word[])[] {
  if (alternatives.length < 2) return alternatives;
  const singles: Word[] = [];
  for (const fields of alternatives) {
    const [only] = fields;
    if (fields.length !== 1 || only === undefined || only.kind === 'unknown') return alternatives;
    singles.push(only);
  }
  const merged = oneOf(singles, 'too many possible values');
  if (merged.kind === 'unknown') return alternatives;
  const glob = singles.some((word) => word.kind !== 'unknown' && word.glob);
  return [[glob ? { ...merged, glob: true } : merged]];
}

/** Every way to put lists of alternatives one after the other, up to the limit; beyond it the rest is unknown. */
export function product(parts: readonly (readonly (readonly Word[])[])[]): readonly (readonly Word[])[] {
  let lists: Word[][] = [[]];
  for (const part of parts) {
    const [only] = part;
    // In place where nothing branches: a line of many words would be copied again for each of them.
    if (part.length === 1 && only) {
      for (const list of lists) for (const word of only) list.push(word);
      continue;
    }
    const next = lists.flatMap((list) => part.map((fields) => [...list, ...fields]));
    lists = next.length > limits.alternatives ? lists.map((list) => [...list, ...widest(part)]) : next;
  }
  return lists;
}

const widest = (part: readonly (readonly Word[])[]): readonly Word[] => {
  const texts = part.flat();
  const merged = oneOf(texts, 'too many possible values');
  return [merged.kind === 'unknown' ? unknown('too many possible values', { many: true }) : merged];
};
