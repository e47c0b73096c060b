import { known, textsOf, type Word } from '../../../model/word.ts';
import { mapTexts, unknown } from '../../state.ts';
import { type CallSite, flat, type Row, texts } from '../effect.ts';
import { elements } from '../evaluator.ts';
import { character, decodeEscapes } from '../lezer.ts';
import { isWord, joinAll, listOf, overTexts, textOf, toWord, type Value } from '../value.ts';

const change =
  (compute: (text: string) => string | undefined) =>
  (site: CallSite): Value =>
    mapTexts(toWord(subject(site)), compute, 'it is computed');

/** The text that a call is about: what the method stands on, or the first argument of a function. */
const subject = (site: CallSite): Value | undefined =>
  isWord(site.receiver) || site.receiver?.kind === 'list' ? site.receiver : site.args[0];
const itself = (site: CallSite): Value | undefined => subject(site);

function join(separator: Value | undefined, items: Value | undefined): Value | undefined {
  if (items?.kind !== 'list') return undefined;
  const between = separator === undefined ? ' ' : textOf(separator);
  if (between === undefined) return undefined;
  const joined = joinAll(items.items.map(toWord), between);
  return items.open ? joinAll([joined, unknown('further items')], '') : joined;
}

function split(word: Word, separator: string | undefined): Value {
  const parts = textsOf(word);
  const [only] = parts ?? [];
  if (parts?.length !== 1 || only === undefined)
    return listOf([word.kind === 'unknown' ? { ...word, many: true } : word], true);
  return texts(
    separator === undefined ? only.trim().split(/\s+/) : separator === '' ? [...only] : only.split(separator),
  );
}

/** Words as a shell would split them, without expansions. */
function shellWords(word: Word): Value {
  const text = textOf(word);
  if (text === undefined) return split(word, undefined);
  const words = text.match(/(?:[^\s'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+/g) ?? [];
  return texts(
    words.map((each) =>
      each.replace(
        /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
        (_, single, double, char) => single ?? double ?? char,
      ),
    ),
  );
}

const base64 = (text: string): string => Buffer.from(text, 'base64').toString();
const hex = (text: string): string => Buffer.from(text.replace(/\s+/g, ''), 'hex').toString();
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (char) =>
    character((((char.charCodeAt(0) & 31) + 12) % 26) + (char < 'a' ? 65 : 97)),
  );
const characters = (site: CallSite): Value =>
  joinAll(
    flat(site.args).map((value) => mapTexts(toWord(value), (text) => character(Number(text)), 'a character')),
    '',
  );
const reversed = (site: CallSite): Value | undefined => {
  const value = subject(site);
  if (value?.kind === 'list') return listOf([...value.items].reverse(), value.open);
  return isWord(value) ? overTexts(value, (text) => [...text].reverse().join('')) : undefined;
};

function decoded(site: CallSite): Value | undefined {
  const encoding = textOf(site.args.at(-1));
  if (encoding === 'base64') return mapTexts(toWord(site.args[0]), base64, 'it is decoded');
  if (encoding === 'hex') return mapTexts(toWord(site.args[0]), hex, 'it is decoded');
  if (encoding !== undefined && /^rot.?13$/.test(encoding))
    return mapTexts(toWord(site.args[0]), rot13, 'it is decoded');
  return site.args[0]?.kind === 'list' ? characters({ ...site, args: [site.args[0]] }) : site.args[0];
}

/** `'{} {x}'.format(a, x=b)`. */
function format(site: CallSite): Value | undefined {
  const template = textOf(site.receiver);
  if (template === undefined) return undefined;
  let next = 0;
  const parts = template.split(/(\{[^{}]*\})/).map((part): Word => {
    const field = /^\{([\w.]*)[^{}]*\}$/.exec(part)?.[1];
    if (field === undefined) return known(part);
    return toWord(
      field === ''
        ? site.args[next++]
        : /^\d+$/.test(field)
          ? site.args[Number(field)]
          : site.named.get(field),
    );
  });
  return joinAll(parts, '');
}

/** `'%s %d' % (a, b)` and `sprintf('%s', a)`. */
function percent(template: Value | undefined, values: readonly Value[]): Value | undefined {
  const source = textOf(template);
  if (source === undefined) return template?.kind === 'unknown' ? template : undefined;
  let next = 0;
  const parts = source.split(/(%(?:%|\(\w+\)[sdr]|[-+ 0-9.]*[sdifrxcq]))/).map((part): Word => {
    if (part === '%%') return known('%');
    const key = /^%\((\w+)\)/.exec(part)?.[1];
    const [first] = values;
    if (key !== undefined) return toWord(first?.kind === 'dict' ? first.entries.get(key) : undefined);
    return part.startsWith('%') && part.length > 1 ? toWord(values[next++]) : known(part);
  });
  return joinAll(parts, '');
}

function replaced(site: CallSite): Value | undefined {
  const onText = isWord(site.receiver);
  // PHP and R name the text last: `str_replace(from, to, text)`.
  const word = toWord(onText ? site.receiver : site.args[2]);
  const from = textOf(site.args[0]);
  const to = textOf(site.args[1]);
  if (from === undefined || to === undefined) return unknown('a replacement');
  return mapTexts(word, (text) => text.replaceAll(from, () => to), 'a replacement');
}

const numbers = (site: CallSite): Value => {
  const values = site.args.map((value) => Number(textOf(value) ?? Number.NaN));
  const [from, to] = values.length === 1 ? [0, values[0] ?? 0] : [values[0] ?? 0, values[1] ?? 0];
  return Number.isInteger(from) && Number.isInteger(to) && to - from <= 24
    ? texts(Array.from({ length: Math.max(0, to - from) }, (_, i) => String(from + i)))
    : listOf([], true);
};

/** A new value of a list that grows: kept where the name of the list is known only to the caller. */
const concatenated = (site: CallSite): Value | undefined => {
  const { receiver } = site;
  if (receiver?.kind === 'list') return listOf([...receiver.items, ...flat(site.args)], receiver.open);
  return isWord(receiver) ? joinAll([receiver, ...site.args.map(toWord)], '') : undefined;
};

/** What computes texts and lists, in every language under its own name. */
export const textRows: readonly Row[] = [
  ['text.join', (site) => join(site.receiver, site.args[0])],
  [
    'list.join',
    (site) => join(site.args[0] ?? known(site.run.host.script?.endsWith('.rb') ? '' : ','), site.receiver),
  ],
  [
    'join implode',
    (site) =>
      site.args[1]?.kind === 'list'
        ? join(site.args[0], site.args[1])
        : join(site.args[0], listOf(site.args.slice(1))),
  ],
  ['text.split', (site) => split(toWord(site.receiver), textOf(site.args[0]))],
  ['list.concat text.concat list.extend', concatenated],
  [
    'shlex.split Shellwords.split Shellwords.shellsplit shellwords text.shellsplit OptionParser.split_command_line',
    (site) => shellWords(toWord(subject(site))),
  ],
  ['explode', (site) => split(toWord(site.args[1]), textOf(site.args[0]))],
  [
    'text.strip text.trim text.rstrip text.lstrip text.chomp trim chomp rtrim text.trimEnd text.trimStart',
    change((text) => text.trim()),
  ],
  ['text.upper text.toUpperCase text.upcase uc strtoupper toupper', change((text) => text.toUpperCase())],
  ['text.lower text.toLowerCase text.downcase lc strtolower tolower', change((text) => text.toLowerCase())],
  ['text.replace text.replaceAll text.gsub text.sub str_replace gsub', replaced],
  ['text.reverse list.reverse list.toReversed reverse reversed strrev rev scalar.reverse', reversed],
  ['text.format', format],
  ['text.%', (site) => percent(site.receiver, site.args)],
  [
    'text[%]',
    (site) => percent(site.args[0], site.args[1]?.kind === 'list' ? site.args[1].items : site.args.slice(1)),
  ],
  ['sprintf format util.format', (site) => percent(site.args[0], site.args.slice(1))],
  [
    'text[*]',
    (site) => {
      const count = Number(textOf(site.args[1]) ?? Number.NaN);
      if (!(count >= 0 && count <= 64)) return unknown('a repetition');
      const [value] = site.args;
      return value?.kind === 'list'
        ? listOf(Array.from({ length: count }, () => value.items).flat(), value.open)
        : mapTexts(toWord(value), (text) => text.repeat(count), 'a repetition');
    },
  ],
  [
    'chr String.fromCharCode String.fromCodePoint text.chr',
    (site) => characters(isWord(site.receiver) ? { ...site, args: [site.receiver] } : site),
  ],
  [
    'str text.toString list.toString String text.to_s text.encode text.decode repr bytes bytearray text.valueOf text.freeze text.dup text.force_encoding Symbol text.to_sym shlex.quote escapeshellarg Shellwords.escape os.fspath os.fsdecode os.fsencode as.character tostring to_string text.toList',
    (site) => {
      const value = itself(site);
      if (value?.kind !== 'list') return value;
      return site.path === 'bytes' || site.path === 'bytearray'
        ? characters({ ...site, args: [value] })
        : site.path === 'list.toString'
          ? join(known(','), value)
          : value;
    },
  ],
  [
    'list tuple set sorted iter Array.from Object.values Object.freeze list.slice list.filter list.sort list.to_a list.flatten list.values array_values sort list.copy',
    (site) => {
      const value = subject(site);
      return value?.kind === 'list'
        ? value
        : value === undefined
          ? listOf([])
          : isWord(value)
            ? listOf(elements(value), value.kind !== 'known')
            : undefined;
    },
  ],
  ['codecs.decode', decoded],
  [
    'text.unpack1 text.unpack',
    (site) =>
      mapTexts(toWord(site.receiver), /^m/.test(textOf(site.args[0]) ?? '') ? base64 : hex, 'it is unpacked'),
  ],
  [
    'pack',
    (site) =>
      /^H/.test(textOf(site.args[0]) ?? '')
        ? mapTexts(toWord(site.args[1]), hex, 'it is packed')
        : /^[CUW]/.test(textOf(site.args[0]) ?? '')
          ? characters({ ...site, args: site.args.slice(1) })
          : unknown('it is packed'),
  ],
  [
    'list.pack',
    (site) => {
      const list = site.receiver?.kind === 'list' ? site.receiver.items : [];
      const kind = textOf(site.args[0]) ?? '';
      if (/^[cCU]/.test(kind)) return characters({ ...site, args: list });
      return mapTexts(toWord(list[0]), /^H/.test(kind) ? hex : (text) => text, 'it is packed');
    },
  ],
  [
    'base64.b64decode base64.standard_b64decode base64.urlsafe_b64decode base64.decodebytes atob base64_decode Base64.decode64 Base64.strict_decode64 Base64.urlsafe_decode64 decode_base64 MIME.Base64.decode Base.decode64!',
    (site) => mapTexts(toWord(site.args[0]), base64, 'it is decoded'),
  ],
  [
    'bytes.fromhex bytearray.fromhex binascii.unhexlify binascii.a2b_hex hex2bin',
    (site) => mapTexts(toWord(site.args[0]), hex, 'it is decoded'),
  ],
  ['Buffer.from', decoded],
  ['str_rot13', (site) => mapTexts(toWord(site.args[0]), rot13, 'it is decoded')],
  ['stripcslashes', (site) => mapTexts(toWord(site.args[0]), decodeEscapes, 'it is decoded')],
  ['range', numbers],
  ['paste0', (site) => joinAll(site.args.map(toWord), '')],
  ['paste', (site) => joinAll(site.args.map(toWord), textOf(site.named.get('sep')) ?? ' ')],
  ['c array list.push', (site) => (site.path === 'list.push' ? concatenated(site) : listOf(site.args))],
  [
    'getattr',
    (site) => {
      const [of, name] = [site.args[0], textOf(site.args[1])];
      return of?.kind === 'thing' && name !== undefined
        ? { kind: 'thing', path: `${of.path}.${name}`, base: of }
        : undefined;
    },
  ],
  [
    'print console.log console.error console.warn console.info puts say echo pprint.pprint log.Println len type isinstance id hash JSON.stringify json.dumps',
    () => unknown('what is printed'),
  ],
];
