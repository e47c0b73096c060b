import { known } from '../../../model/word.ts';
import { unknown } from '../../state.ts';
import type { Effect, Row } from '../effect.ts';
import { elements } from '../evaluator.ts';
import { moduleName } from '../javascript.ts';
import { listOf, textOf, thing, toWord, type Value } from '../value.ts';
import { values } from './files.ts';

/** Runs a text as code of the same language. */
const evaluate: Effect = (site) => {
  const [code] = site.args;
  return code === undefined || code.kind === 'function' ? undefined : site.run.code(code);
};
/** Runs a file as code of the same language, when it is there. */
const file: Effect = (site) => {
  const path = toWord(site.args[0]);
  const content = path.kind === 'known' ? site.run.host.file(path.text) : undefined;
  if (content === undefined) return undefined;
  return site.run.code(content);
};
const module: Effect = (site) => {
  const path = textOf(site.args[0]);
  if (path === undefined) return undefined;
  const local = /^\.{0,2}\//.test(path) ? file(site) : undefined;
  const name = moduleName(path);
  site.run.modules.add(name);
  return local ?? thing(name);
};
const arrayOf = (words: readonly Value[]): Value => listOf(words);

/** The function that a call of another would run: `new Function(text)`. */
const fromText: Effect = (site) => {
  const body = site.args.at(-1);
  return body === undefined ? undefined : site.run.code(body);
};

const withReceiver: Effect = (site) => {
  const [action] = site.args;
  return action === undefined || site.receiver === undefined
    ? undefined
    : site.run.call(action, [site.receiver]);
};
const withItems: Effect = (site) => {
  const [action] = site.args;
  const of = site.receiver;
  if (action === undefined || of === undefined || !site.run.callable(action)) return undefined;
  const items = elements(of);
  return listOf(
    (items.length > 24 ? items.slice(0, 24) : items).map((item, i) =>
      site.run.call(action, [item, known(String(i))]),
    ),
    true,
  );
};
const bound: Effect = (site) => {
  // `f.call(this, a)`, `f.apply(this, [a])`, `f.bind(this)`.
  const target = site.receiver;
  if (target === undefined) return undefined;
  if (site.path.endsWith('.bind')) return target;
  const rest = site.path.endsWith('.apply')
    ? site.args[1]?.kind === 'list'
      ? [...site.args[1].items]
      : []
    : site.args.slice(1);
  return site.run.call(target, rest);
};
const input: Effect = ({ run }) => run.host.input() ?? unknown('what is typed');
const partial: Effect = (site) => {
  const [action, ...rest] = site.args;
  // Arguments may follow; those that are known already decide most.
  return action === undefined ? undefined : site.run.call(action, rest, site.named);
};

export const pythonCode: readonly Row[] = [
  ['exec eval builtins.exec builtins.eval __builtins__.exec __builtins__.eval code.interact', evaluate],
  ['compile builtins.compile', (site) => site.args[0]],
  ['runpy.run_path execfile', file],
  [
    '__import__ importlib.import_module builtins.__import__',
    (site) => (textOf(site.args[0]) === undefined ? undefined : thing(textOf(site.args[0]) ?? '')),
  ],
  [
    'import-star',
    (site) => {
      site.run.opened.push(textOf(site.args[0]) ?? '');
      return known('');
    },
  ],
  ['get:sys.modules', () => ({ kind: 'thing', path: 'sys.modules' })],
  ['get:sys.argv', ({ run }) => arrayOf([known(run.host.script ?? '-c'), ...run.host.args])],
  ['sys.stdin.read sys.stdin.readline sys.stdin.readlines input sys.stdin.buffer.read', input],
  ['get:os.environ', () => thing('os.environ')],
  ['get:__file__', ({ run }) => known(run.host.script ?? '')],
  ['functools.partial', partial],
  ['textwrap.dedent inspect.cleandoc', (site) => site.args[0]],
];

export const javascriptCode: readonly Row[] = [
  ['eval vm.runInNewContext vm.runInThisContext vm.runInContext', evaluate],
  ['Function vm.Script', fromText],
  [
    'require module.require process.mainModule.require module.createRequire() createRequire() process.getBuiltinModule',
    module,
  ],
  [
    'get:process.argv',
    ({ run }) =>
      arrayOf([
        known('node'),
        ...(run.host.script === undefined ? [] : [known(run.host.script)]),
        ...run.host.args,
      ]),
  ],
  ['get:Deno.args get:Bun.argv', ({ run }) => arrayOf(run.host.args)],
  ['get:__dirname get:import.meta.dirname', values.scriptFolder],
  ['*.then', withReceiver],
  ['*.forEach *.map *.flatMap', withItems],
  ['*.call *.apply *.bind', bound],
  ['*.toString', (site) => (site.receiver?.kind === 'thing' ? site.receiver : undefined)],
  ['Promise.all Promise.allSettled Promise.resolve Promise.race', (site) => site.args[0]],
];

export const rubyCode: readonly Row[] = [
  ['eval instance_eval class_eval binding.eval Kernel.eval', evaluate],
  ['load require_relative', file],
  ['get:ARGV get:$*', ({ run }) => arrayOf(run.host.args)],
  ['gets STDIN.read STDIN.gets $stdin.read ARGF.read', input],
  ['*.each *.map *.each_with_index *.each_slice *.select *.collect', withItems],
  ['*.tap *.then *.yield_self', withReceiver],
  [
    'send public_send __send__ Kernel.send Kernel.public_send',
    (site) =>
      textOf(site.args[0]) === undefined
        ? undefined
        : site.run.call(thing(textOf(site.args[0]) ?? ''), site.args.slice(1)),
  ],
  [
    'method Kernel.method',
    (site) => (textOf(site.args[0]) === undefined ? undefined : thing(textOf(site.args[0]) ?? '')),
  ],
  [
    'Object.const_get Kernel.const_get',
    (site) => (textOf(site.args[0]) === undefined ? undefined : thing(textOf(site.args[0]) ?? '')),
  ],
];

export const perlCode: readonly Row[] = [
  ['eval evalbytes', evaluate],
  ['do require', file],
  ['shift', ({ run }) => run.host.args[0] ?? unknown('an argument')],
];

export const phpCode: readonly Row[] = [
  ['eval assert create_function', evaluate],
  ['include include_once require require_once', file],
  [
    'call_user_func call_user_func_array',
    (site) => {
      const [target, ...rest] = site.args;
      const name = textOf(target);
      return site.run.call(
        name === undefined ? (target ?? unknown('a function')) : thing(name),
        rest[0]?.kind === 'list' ? rest[0].items : rest,
      );
    },
  ],
  [
    'array_map array_walk',
    (site) => {
      const action = textOf(site.args[0]) === undefined ? site.args[0] : thing(textOf(site.args[0]) ?? '');
      const list = site.args[1];
      if (action === undefined || list === undefined) return undefined;
      return listOf(
        elements(list).map((item) => site.run.call(action, [item])),
        true,
      );
    },
  ],
];

export const otherCode: readonly Row[] = [
  [
    'load loadstring dofile source include Code.eval_string eval evaluate',
    (site) => (/^(?:dofile|source|include)$/.test(site.path) ? file(site) : evaluate(site)),
  ],
  ['parse Meta.parse', (site) => site.named.get('text') ?? site.args[0]],
];
