import {
  type Found,
  HOLE,
  isTestName,
  type Language,
  nothing,
  perhaps,
  type StatementKind,
  sure,
  together,
} from './found.ts';
import { readClientCommand } from './sql-clients.ts';
import type { Dialect } from './sql-dialects.ts';
import { splitStatements } from './sql-statements.ts';
import { readTokens, type Token } from './sql-tokens.ts';
import { isTrivial } from './sql-where.ts';

const deepest = 6;
/** In one statement: more are not read. */
const mostVerbs = 20;

/** Reads SQL of a dialect: what each statement in it does when it is executed. */
export const sql =
  (dialect: Dialect): Language =>
  (text) =>
    readSql(text, dialect, 0);

function readSql(text: string, dialect: Dialect, depth: number): Found {
  if (depth > deepest) return perhaps('unknown');
  const statements = splitStatements(readTokens(text, dialect), dialect);
  return together(
    statements.map((statement, i): Found => {
      const [first] = statement;
      if (first?.kind !== 'client') return readStatement(statement, dialect, depth);
      const command = readClientCommand(first.text, dialect);
      // What the query before it returns is executed.
      if (/^\\gexec\b/.test(first.text))
        return together([command, ...textsOf(statements[i - 1] ?? [], dialect, depth)]);
      return command;
    }),
  );
}

/** The strings of a statement, read as code. */
const textsOf = (tokens: readonly Token[], dialect: Dialect, depth: number): Found[] =>
  tokens.flatMap(({ kind, text }) => (kind === 'string' ? [readSql(text, dialect, depth + 1)] : []));

/** A word in capitals; empty for what is not a word. */
export const keyword = (token: Token | undefined): string =>
  token?.kind === 'word' ? token.text.toUpperCase() : '';

const isMark = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'mark' && token.text === text;

const verbs = new Set(
  `ALTER ATTACH COPY DELETE DENY DO DROP EXEC EXECUTE GRANT KILL PREPARE PURGE RESET
  RESTORE REVOKE SET SHUTDOWN STOP SYSTEM TRUNCATE UPDATE USE`.split(/\s+/),
);

/** Words after which a statement begins inside another one. */
const openers = new Set(['BEGIN', 'THEN', 'ELSE', 'LOOP', 'ATOMIC', 'ANALYZE', 'VERBOSE']);

function readStatement(tokens: readonly Token[], dialect: Dialect, depth: number): Found {
  const start = tokens.findIndex((token) => !isMark(token, '('));
  const first = keyword(tokens[start]);
  if (first.includes(HOLE)) return perhaps('unknown');
  if (first === 'EXPLAIN' && !executesExplained(tokens)) return nothing;
  if (first === 'CREATE' || first === 'COMMENT' || first === 'MERGE') return functionCalls(tokens);
  const parts = [functionCalls(tokens)];
  let known: readonly number[] | undefined;
  const depths = () => {
    known ??= depthsOf(tokens);
    return known;
  };
  for (const [i, token] of tokens.entries()) {
    const word = keyword(token);
    if (!verbs.has(word) && !word.includes(HOLE)) continue;
    if (i !== start && !beginsStatement(tokens, i, first, dialect, depths)) continue;
    if (word.includes(HOLE) || parts.length > mostVerbs) parts.push(perhaps('unknown'));
    else parts.push(readVerb(word, clauseFrom(tokens, i), dialect, depth));
  }
  return together(parts);
}

const executesExplained = (tokens: readonly Token[]): boolean =>
  tokens.slice(1, 8).some((token) => /^ANALY[ZS]E$/.test(keyword(token)));

function beginsStatement(
  tokens: readonly Token[],
  i: number,
  first: string,
  dialect: Dialect,
  depths: () => readonly number[],
): boolean {
  const before = tokens[i - 1];
  const word = keyword(before);
  if (openers.has(word)) return true;
  if (word === 'AS') return first === 'PREPARE';
  if (isMark(before, '(')) return /^(?:AS|MATERIALIZED)$/.test(keyword(tokens[i - 2]));
  if (isMark(before, ')') && /^(?:WITH|EXPLAIN|IF)$/.test(first)) return true;
  if (!dialect.unseparated || first === 'GRANT' || first === 'REVOKE' || first === 'DENY') return false;
  // T-SQL: a verb that no other clause can hold starts a statement of its own.
  if (/^(?:ALTER|DROP|SET|ON|FOR|AFTER|OF|OR|AND|NOT|WITH|TABLE|COLUMN|UPDATE|DELETE)$/.test(word))
    return false;
  return !isMark(before, '.') && !isMark(before, ',') && keyword(tokens[i]) !== 'SET' && depths()[i] === 0;
}

/** For each token, in how many parentheses it stands. */
function depthsOf(tokens: readonly Token[]): readonly number[] {
  let depth = 0;
  return tokens.map((token) => {
    const here = depth;
    if (isMark(token, '(')) depth++;
    else if (isMark(token, ')')) depth--;
    return here;
  });
}

/** The tokens from `start` to the end of the parentheses that it stands in. */
function clauseFrom(tokens: readonly Token[], start: number): readonly Token[] {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    if (isMark(tokens[i], '(')) depth++;
    else if (isMark(tokens[i], ')') && --depth < 0) return tokens.slice(start, i);
  }
  return tokens.slice(start);
}

function readVerb(verb: string, clause: readonly Token[], dialect: Dialect, depth: number): Found {
  const words = clause.map(keyword);
  const [, second = '', third = ''] = words;
  switch (verb) {
    case 'DROP':
      return readDrop(clause, dialect);
    case 'TRUNCATE':
      return together([sure('truncate'), elsewhere(clause, second === 'TABLE' ? 2 : 1, dialect)]);
    case 'DELETE':
      return readDelete(clause, dialect);
    case 'UPDATE':
      return readUpdate(clause, dialect);
    case 'ALTER':
      return readAlter(clause, words, dialect);
    case 'GRANT':
      return sure('grant');
    case 'REVOKE':
    case 'DENY':
      return sure('revoke');
    case 'SHUTDOWN':
    case 'KILL':
      return sure('shutdown');
    case 'STOP':
      return /^(?:SLAVE|REPLICA|GROUP_REPLICATION|DATABASE)$/.test(second) ? sure('shutdown') : nothing;
    case 'SYSTEM':
      return /^(?:SHUTDOWN|KILL)$/.test(second)
        ? sure('shutdown')
        : second === 'DROP' && /REPLICA/.test(third)
          ? sure('drop')
          : nothing;
    case 'PURGE':
      return sure('purge');
    case 'RESET':
      return /^(?:MASTER|BINARY|SLAVE|REPLICA)$/.test(second) ? sure('purge') : nothing;
    case 'SET':
      return words.some((word) => /^(?:@@)?(?:GLOBAL|PERSIST)$/.test(word)) || second === 'CLUSTER'
        ? sure('settings')
        : nothing;
    case 'USE':
    case 'ATTACH':
      return usedName(clause, verb);
    case 'COPY':
      return words.includes('PROGRAM') ? sure('shell') : nothing;
    case 'RESTORE':
      return /^(?:DATABASE|LOG)$/.test(second) ? sure('drop') : nothing;
    case 'DO':
    case 'EXEC':
    case 'EXECUTE':
    case 'PREPARE':
      return together(textsOf(clause, dialect, depth));
    default:
      return nothing;
  }
}

function usedName(clause: readonly Token[], verb: string): Found {
  if (verb === 'ATTACH') {
    const file = clause.find(({ kind }) => kind === 'string');
    return /^\w+:/.test(file?.text ?? '') ? sure('elsewhere', 'remote') : sure('elsewhere');
  }
  const name = clause.findLast(({ kind }) => kind === 'word' || kind === 'name');
  return isTestName(name?.text ?? '') ? nothing : sure('elsewhere');
}

/** Objects that hold neither data nor access: their text makes them again. */
const remakeable =
  /^(?:VIEW|INDEX|FUNCTION|PROCEDURE|PROC|TRIGGER|RULE|AGGREGATE|OPERATOR|CAST|SYNONYM|EVENT|STATISTICS|COLLATION|CONVERSION|TRANSFORM|MACRO|CONSTRAINT|ROUTINE|TEXT|ASSEMBLY|PACKAGE|SEARCH|FILE|STREAM|TASK|CONTINUOUS)$/;

function readDrop(clause: readonly Token[], dialect: Dialect): Found {
  const words = clause.map(keyword);
  const [, object = ''] = words;
  if (/^(?:TEMP|TEMPORARY|PREPARE)$/.test(object)) return nothing;
  const at = nameAt(
    clause,
    object === 'MATERIALIZED' || object === 'FOREIGN' || object === 'EXTERNAL' ? 3 : 2,
  );
  const name = clause[at]?.text ?? '';
  if (remakeable.test(object)) return sure('drop-object');
  if (/^(?:DATABASE|SCHEMA|KEYSPACE)$/.test(object)) {
    const rest = clause.slice(at + 1).map(keyword);
    const single =
      rest.every((word) => /^(?:CASCADE|RESTRICT|WITH|FORCE|)$/.test(word)) &&
      !clause.slice(at + 1).some((token) => isMark(token, ','));
    return isTestName(name) && single ? nothing : sure('drop', 'elsewhere');
  }
  // A table of the session: it goes with it.
  if (object === 'TABLE' && /^#/.test(clause[at]?.text ?? '') && dialect.unseparated) return nothing;
  return together([sure('drop'), elsewhere(clause, at, dialect)]);
}

/** Where the name stands: after `IF EXISTS`. */
function nameAt(clause: readonly Token[], from: number): number {
  return keyword(clause[from]) === 'IF' ? from + (keyword(clause[from + 1]) === 'NOT' ? 3 : 2) : from;
}

/** Whether the name at `from` names a database too, one that is not certainly for tests. */
function elsewhere(clause: readonly Token[], from: number, { qualified }: Dialect): Found {
  const at = nameAt(clause, from);
  const name = clause[at];
  if (!qualified || name === undefined) return nothing;
  const database = isMark(clause[at + 1], '.')
    ? name.text
    : name.kind === 'name'
      ? name.text.split('.').slice(0, -1).at(-1)
      : undefined;
  return database === undefined || /^(?:dbo|public|main)$/i.test(database) || isTestName(database)
    ? nothing
    : sure('elsewhere');
}

function readDelete(clause: readonly Token[], dialect: Dialect): Found {
  const from = clause.findIndex((token) => keyword(token) === 'FROM');
  const target = elsewhere(clause, from + 1 || 1, dialect);
  return everyRow(clause, 'delete-all', target, dialect);
}

function readUpdate(clause: readonly Token[], dialect: Dialect): Found {
  if (!clause.some((token) => keyword(token) === 'SET')) return nothing;
  return everyRow(clause, 'update-all', elsewhere(clause, 1, dialect), dialect);
}

function everyRow(clause: readonly Token[], kind: StatementKind, target: Found, dialect: Dialect): Found {
  const depths = depthsOf(clause);
  const atTop = (pattern: RegExp) =>
    clause.findIndex((token, i) => depths[i] === 0 && pattern.test(keyword(token)));
  const where = atTop(/^WHERE$/);
  if (where >= 0) {
    const condition = clause.slice(where + 1);
    const end = condition.findIndex(
      (token, i) =>
        (depths[where + 1 + i] ?? 0) === 0 &&
        (/^(?:RETURNING|ORDER|LIMIT|OPTION|END)$/.test(keyword(token)) ||
          (dialect.unseparated && verbs.has(keyword(token)))),
    );
    return isTrivial(end < 0 ? condition : condition.slice(0, end))
      ? together([sure(kind), target])
      : nothing;
  }
  if (atTop(/^(?:LIMIT|TOP|JOIN|APPLY)$/) >= 0) return nothing;
  // What fills a hole may be the condition that is missing.
  const open = clause.slice(1).some(({ kind: of, text }) => of === 'word' && text.includes(HOLE));
  const named = clause.filter(({ kind: of }) => of === 'word' || of === 'name').length;
  return together([open && named > (kind === 'delete-all' ? 3 : 4) ? perhaps(kind) : sure(kind), target]);
}

function readAlter(clause: readonly Token[], words: readonly string[], dialect: Dialect): Found {
  const [, object = ''] = words;
  if (object === 'SYSTEM') return sure('settings');
  if (/^(?:USER|ROLE|LOGIN|ACCOUNT)$/.test(object)) {
    return words.some((word) =>
      /^(?:SUPERUSER|BYPASSRLS|CREATEROLE|PASSWORD|IDENTIFIED|NOLOGIN|LOCK|DISABLE|SUPERUSER)$/.test(word),
    )
      ? sure('grant')
      : nothing;
  }
  const parts: Found[] = [];
  words.forEach((word, i) => {
    if (i === 0) return;
    const after = words[i + 1] ?? '';
    if (word === 'DROP') parts.push(alterDrop(words, clause, i));
    if (word === 'TRUNCATE' && after === 'PARTITION') parts.push(sure('alter-drop'));
    if (word === 'DISABLE' && /^(?:TRIGGER|ROW)$/.test(after)) parts.push(sure('settings'));
    if (word === 'DELETE' && /^WHERE$/.test(after))
      parts.push(everyRow(clause.slice(i), 'delete-all', nothing, dialect));
    if (word === 'UPDATE' && object === 'TABLE' && words.includes('WHERE'))
      parts.push(everyRow(clause.slice(i), 'update-all', nothing, dialect));
  });
  const changes = together(parts);
  return changes.kinds.length === 0 ? nothing : together([changes, elsewhere(clause, 2, dialect)]);
}

function alterDrop(words: readonly string[], clause: readonly Token[], i: number): Found {
  const after = words[i + 1] ?? '';
  if (/^(?:NOT|DEFAULT|IDENTITY|EXPRESSION|STORAGE)$/.test(after)) return nothing;
  if (
    /^(?:CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|CHECK|UNIQUE|SEARCH|STATISTICS|PROJECTION|CLUSTERING|ROW|TAG|VALUE)$/.test(
      after,
    )
  )
    return sure('drop-object');
  return clause[i + 1] === undefined ? nothing : sure('alter-drop');
}

/** Functions that act, wherever a statement calls them. */
const acting: ReadonlyMap<string, StatementKind> = new Map<string, StatementKind>([
  ['PG_TERMINATE_BACKEND', 'shutdown'],
  ['PG_DROP_REPLICATION_SLOT', 'purge'],
  ['PG_REPLICATION_SLOT_ADVANCE', 'purge'],
  ['DROP_CHUNKS', 'purge'],
  ['LO_EXPORT', 'shell'],
]);

function functionCalls(tokens: readonly Token[]): Found {
  return together(
    tokens.map((token, i) => {
      const word = keyword(token);
      if (/^(?:XP_CMDSHELL|SP_OACREATE)$/.test(word)) return sure('shell');
      if (/^(?:SP_DETACH_DB|SP_DROPUSER|SP_DROPLOGIN)$/.test(word)) return sure('drop');
      const kind = isMark(tokens[i + 1], '(') ? acting.get(word) : undefined;
      if (kind !== undefined) return sure(kind);
      if (/^DBLINK(?:_EXEC)?$/.test(word) && isMark(tokens[i + 1], '('))
        return together([sure('remote'), ...remoteTexts(tokens.slice(i))]);
      return nothing;
    }),
  );
}

const remoteTexts = (tokens: readonly Token[]): Found[] =>
  tokens.flatMap(({ kind, text }) => (kind === 'string' ? [runsSql(text)] : []));
const runsSql = (text: string): Found =>
  readSql(text, { escapeStrings: true, dollarQuotes: true, nestedComments: true }, deepest - 1);
