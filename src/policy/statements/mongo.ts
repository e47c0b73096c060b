import {
  type Found,
  HOLE,
  isTestName,
  type Language,
  nothing,
  perhaps,
  runs,
  sure,
  together,
} from './found.ts';

type Token = { readonly kind: 'word' | 'string' | 'mark'; readonly text: string };

/** Reads JavaScript for the MongoDB shell: the methods that it calls, by name, whatever object they are called on. */
export const mongo: Language = (text) => {
  const tokens = readTokens(text);
  if (tokens.length === 1 && tokens[0]?.text.includes(HOLE)) return perhaps('unknown');
  const commanded = tokens.some(({ text }) => /^(?:runCommand|adminCommand)$/.test(text));
  return together(tokens.map((_, i) => readAt(tokens, i, commanded)));
};

function readTokens(text: string): Token[] {
  const pattern = new RegExp(
    [
      '//[^\\n]*',
      '/\\*[\\s\\S]*?(?:\\*/|$)',
      '"(?:\\\\[\\s\\S]|[^"\\\\])*"?',
      "'(?:\\\\[\\s\\S]|[^'\\\\])*'?",
      '`(?:\\\\[\\s\\S]|[^`\\\\])*`?',
      `[$_\\p{L}${HOLE}][$_\\p{L}\\p{N}${HOLE}]*`,
      '\\d[\\w.]*',
      '[^\\s]',
    ].join('|'),
    'gu',
  );
  const tokens: Token[] = [];
  for (const [match] of text.matchAll(pattern)) {
    if (/^\/[/*]/.test(match)) continue;
    if (/^["'`]/.test(match))
      tokens.push({ kind: 'string', text: match.slice(1, match.length > 1 ? -1 : 1) });
    else tokens.push({ kind: /^[\p{L}\p{N}$_\uFFFC]/u.test(match) ? 'word' : 'mark', text: match });
  }
  return tokens;
}

/** Methods whose call is the deed, whatever they are given. */
const methods: ReadonlyMap<string, Found> = new Map<string, Found>([
  ...[
    'dropDatabase',
    'drop',
    'dropUser',
    'dropAllUsers',
    'dropRole',
    'dropAllRoles',
    'removeUser',
    'removeShard',
  ].map((name): [string, Found] => [name, sure('drop')]),
  ...['dropIndex', 'dropIndexes', 'dropSearchIndex'].map((name): [string, Found] => [
    name,
    sure('drop-object'),
  ]),
  ...['shutdownServer', 'fsyncLock', 'killOp', 'stepDown'].map((name): [string, Found] => [
    name,
    sure('shutdown'),
  ]),
  ...['revokeRolesFromUser', 'revokePrivilegesFromRole'].map((name): [string, Found] => [
    name,
    sure('revoke'),
  ]),
  ...['grantRolesToUser', 'createUser', 'updateUser', 'changeUserPassword', 'grantPrivilegesToRole'].map(
    (name): [string, Found] => [name, sure('grant')],
  ),
  ...['reconfig', 'setDefaultRWConcern', 'disableSharding', 'stopBalancer'].map((name): [string, Found] => [
    name,
    sure('settings'),
  ]),
]);

/** Methods whose first argument says which documents: `{}` is all of them. */
const filtered: ReadonlyMap<string, Found> = new Map<string, Found>([
  ['deleteMany', sure('delete-all')],
  ['remove', sure('delete-all')],
  ['updateMany', sure('update-all')],
]);

/** Fields of a command (`runCommand({ drop: 'users' })`). */
const commands: ReadonlyMap<string, Found> = new Map<string, Found>([
  ...['dropDatabase', 'drop', 'dropUser', 'dropAllUsersFromDatabase', 'dropRole', 'removeShard'].map(
    (name): [string, Found] => [name, sure('drop')],
  ),
  ['dropIndexes', sure('drop-object')],
  ['shutdown', sure('shutdown')],
  ['setParameter', sure('settings')],
  ['replSetReconfig', sure('settings')],
]);

/** How much of a call is looked at, in tokens. */
const longestCall = 1000;

function readAt(tokens: readonly Token[], i: number, commanded: boolean): Found {
  const token = tokens[i] as Token;
  const next = tokens[i + 1];
  const before = tokens[i - 1]?.text;
  // `db.users.drop(`, `db['users']['drop'](`
  const isMember =
    token.kind === 'word'
      ? before === '.' && next?.text === '('
      : before === '[' && next?.text === ']' && tokens[i + 2]?.text === '(';
  if (isMember) {
    const from = token.kind === 'word' ? i + 2 : i + 3;
    return readCall(token.text, tokens.slice(from, from + longestCall));
  }
  if (before === '{' || before === ',') {
    const isField = next?.text === ':' && commanded;
    if (isField) return commands.get(token.text) ?? nothing;
  }
  if (
    token.kind === 'word' &&
    token.text === 'load' &&
    next?.text === '(' &&
    tokens[i + 2]?.kind === 'string'
  )
    return runs(tokens[i + 2]?.text ?? '');
  if (token.kind === 'word' && token.text === 'Mongo' && next?.text === '(')
    return sure('elsewhere', 'remote');
  if (token.kind === 'word' && token.text === 'connect' && before !== '.' && next?.text === '(')
    return sure('elsewhere', 'remote');
  if (token.text === 'use' && i === 0 && next?.kind === 'word')
    return isTestName(next.text) ? nothing : sure('elsewhere');
  return nothing;
}

function readCall(name: string, args: readonly Token[]): Found {
  const [first, second, third] = args;
  if (name === 'getSiblingDB' || name === 'getDB')
    return isTestName(first?.text ?? '') ? nothing : sure('elsewhere');
  // In a bulk write the filter stands deeper: `{ deleteMany: { filter: {} } }`.
  if (name === 'bulkWrite') return bulk(args);
  const found = filtered.get(name);
  if (found === undefined) return methods.get(name) ?? nothing;
  if (first?.text === ')' && name !== 'updateMany') return found;
  return first?.text === '{' && second?.text === '}' && (third?.text === ',' || third?.text === ')')
    ? found
    : nothing;
}

function bulk(args: readonly Token[]): Found {
  return together(
    args.map((token, i) => {
      const found = filtered.get(token.text);
      if (found === undefined || args[i + 1]?.text !== ':') return nothing;
      const rest = args
        .slice(i + 2, i + 7)
        .map(({ text }) => text)
        .join('');
      return rest.startsWith('{filter:{}') ? found : nothing;
    }),
  );
}
