import { type Found, HOLE, type Language, nothing, perhaps, sure, together } from './found.ts';

/** Reads lines of commands for Redis, as redis-cli splits them. */
export const redis: Language = (text) =>
  together(text.split('\n').map((line) => readCommand(splitWords(line))));

/** Words that a shell has already split, in the form that `redis` reads them. */
export const quoteWords = (words: readonly string[]): string =>
  words
    .map((word) => `"${word.replace(/["\\\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`)
    .join(' ');

function splitWords(line: string): string[] {
  const words = line.match(/"(?:\\[\s\S]|[^"\\])*"?|'[^']*'?|\S+/g) ?? [];
  return words.map((word) =>
    /^["']/.test(word) ? word.slice(1).replace(/["']$/, '').replace(/\\(.)/g, '$1') : word,
  );
}

const simple: ReadonlyMap<string, Found> = new Map([
  ['FLUSHALL', sure('truncate', 'elsewhere')],
  ['FLUSHDB', sure('truncate')],
  ['SHUTDOWN', sure('shutdown')],
  ['FAILOVER', sure('shutdown')],
  ['SWAPDB', sure('truncate')],
  ['REPLICAOF', sure('settings')],
  ['SLAVEOF', sure('settings')],
]);

function readCommand(words: readonly string[]): Found {
  const [name = '', first = '', second = '', ...rest] = words;
  const command = name.toUpperCase();
  const sub = first.toUpperCase();
  if (command.includes(HOLE)) return perhaps('unknown');
  switch (command) {
    case 'CONFIG':
      return sub === 'SET' ? sure('settings') : nothing;
    case 'CLUSTER':
      return /^(?:RESET|FORGET|FLUSHSLOTS|DELSLOTS)/.test(sub) ? sure('settings') : nothing;
    case 'ACL':
      return sub === 'DELUSER' ? sure('drop') : /^(?:SETUSER|LOAD)$/.test(sub) ? sure('grant') : nothing;
    case 'CLIENT':
      return sub === 'KILL' ? sure('shutdown') : nothing;
    case 'SCRIPT':
    case 'FUNCTION':
      return /^(?:FLUSH|DELETE)$/.test(sub) ? sure('drop-object') : nothing;
    case 'DEBUG':
      return /^(?:SEGFAULT|PANIC|RESTART|CRASH-AND-RECOVER|RELOAD|OOM)$/.test(sub)
        ? sure('shutdown')
        : nothing;
    case 'FT.DROPINDEX':
    case 'FT.DROP':
      return [first, second, ...rest].some((word) => word.toUpperCase() === 'DD') || command === 'FT.DROP'
        ? sure('drop')
        : sure('drop-object');
    case 'GRAPH.DELETE':
      return sure('drop');
    case 'XTRIM':
      return sub === HOLE ? nothing : rest.includes('0') ? sure('delete-all') : nothing;
    case 'DEL':
    case 'UNLINK':
      // Keys that something else lists, as many as there are.
      return words.slice(1).some((word) => word.includes(HOLE + HOLE)) ? sure('delete-all') : nothing;
    case 'EVAL':
    case 'EVAL_RO':
      return together(luaCalls(first));
    case 'MULTI':
      return nothing;
    default:
      return simple.get(command) ?? nothing;
  }
}

/** The commands that a Lua script calls. */
function luaCalls(script: string): Found[] {
  const calls = [...script.matchAll(/redis\.p?call\s*\(\s*(["'])([\w.]+)\1\s*(?:,\s*(["'])([\w-]+)\3)?/g)];
  const found = calls.map(([, , name = '', , argument = '']) => readCommand([name, argument]));
  const deletes = calls.some(([, , name = '']) => /^(?:del|unlink)$/i.test(name));
  const lists = calls.some(([, , name = '']) => /^(?:keys|scan)$/i.test(name));
  return deletes && lists ? [...found, sure('delete-all')] : found;
}
