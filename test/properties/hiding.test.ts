import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import './seed.ts';
import { deniedCommands, singleQuoted as q, verdictOf } from './denied.ts';

/** A line, and whether it is one simple command, before which a word such as `sudo` can stand. */
type Line = { readonly text: string; readonly simple: boolean };
type Wrapper = (line: Line) => Line;

const words =
  (before: string, after = ''): Wrapper =>
  (line) => ({
    text: `${before} ${line.simple ? line.text : `bash -c ${q(line.text)}`}${after}`,
    simple: after === '',
  });
const code =
  (write: (text: string) => string, simple = true): Wrapper =>
  ({ text }) => ({ text: write(text), simple });
const syntax = (before: string, after: string): Wrapper => code((text) => `${before}${text}${after}`, false);

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: words('sudo'),
  'sudo -u': words('sudo -u root -H'),
  doas: words('doas'),
  env: words('env'),
  'env NAME=value': words('env -u X A=1'),
  'env -S': code((text) => `env -S ${q(`bash -c ${q(text)}`)}`),
  nohup: words('nohup'),
  nice: words('nice -n 10'),
  ionice: words('ionice -c 3'),
  timeout: words('timeout -k 5 30s'),
  time: words('time'),
  stdbuf: words('stdbuf -oL'),
  setsid: words('setsid'),
  command: words('command'),
  exec: words('exec'),
  chroot: words('chroot /mnt'),
  unshare: words('unshare -n'),
  strace: words('strace -f -o /tmp/trace'),
  flock: words('flock /tmp/lock'),
  'flock -c': code((text) => `flock /tmp/lock -c ${q(text)}`),
  watch: code((text) => `watch -n 5 ${q(text)}`),
  xargs: words('echo y | xargs -I%'),
  find: words("find . -name '*.tf' -exec", ' ";"'),
  'bash -c': code((text) => `bash -c ${q(text)}`),
  'sh -lc': code((text) => `sh -lc ${q(text)}`),
  eval: code((text) => `eval ${q(text)}`),
  su: code((text) => `su - deploy -c ${q(text)}`),
  ssh: code((text) => `ssh -p 2222 deploy@host ${q(text)}`),
  'docker exec': code((text) => `docker exec -it web sh -c ${q(text)}`),
  'docker run': words('docker run --rm -v /a:/b image'),
  'kubectl exec': words('kubectl exec -n tools pod/shell -c main --'),
  script: code((text) => `script -q -c ${q(text)} /dev/null`),
  'a pipe into sh': code((text) => `echo ${q(text)} | sh`, false),
  'a here-string': code((text) => `bash <<< ${q(text)}`, false),
  'a here-document': code((text) => `bash <<'D${text.length}'\n${text}\nD${text.length}`, false),
  base64: code((text) => `echo ${Buffer.from(text).toString('base64')} | base64 -d | bash`, false),
  'a subshell': syntax('( ', ' )'),
  'a group': syntax('{ ', '\n}'),
  if: syntax('if true; then ', '\nfi'),
  else: syntax('if false; then :; else ', '\nfi'),
  for: syntax('for i in 1 2; do ', '\ndone'),
  while: syntax('while true; do ', '\nbreak; done'),
  case: syntax('case $x in y) ', '\n;; esac'),
  background: syntax('', ' &'),
  substitution: syntax('echo "$( ', '\n)"'),
  'process substitution': syntax('diff <( ', '\n) /dev/null'),
  'a function': syntax('f() { ', '\n}; f'),
  trap: code((text) => `trap ${q(text)} EXIT`, false),
  negation: syntax('! ', ''),
  coproc: syntax('coproc { ', '\n}'),
  'a script that is written first': code(
    (text) =>
      `cat > /tmp/${text.length}.sh <<'W${text.length}'\n${text}\nW${text.length}\nbash /tmp/${text.length}.sh`,
    false,
  ),
  python: code((text) => `python3 -c ${q(`import os\nos.system(${JSON.stringify(text)})`)}`),
  node: code((text) => `node -e ${q(`require('child_process').execSync(${JSON.stringify(text)})`)}`),
};

const command = fc.constantFrom(...deniedCommands);
const runs = { numRuns: 400 };

describe('a denied command stays denied', () => {
  test('there are commands enough, and wrappers', () => {
    expect(deniedCommands.length).toBeGreaterThan(200);
    expect(Object.keys(wrappers).length).toBeGreaterThanOrEqual(30);
  });

  test.each(Object.keys(wrappers))('in %s', (name) => {
    const wrap = wrappers[name] as Wrapper;
    fc.assert(
      fc.property(command, (text) => {
        const line = wrap({ text, simple: true });
        expect([line.text, verdictOf(line.text)]).toEqual([line.text, 'deny']);
      }),
      { numRuns: 12 },
    );
  });

  test('in up to three of them at once', () => {
    const chosen = fc.array(fc.constantFrom(...Object.keys(wrappers)), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(command, chosen, (text, names) => {
        const line = names.reduce<Line>((inner, name) => (wrappers[name] as Wrapper)(inner), {
          text,
          simple: true,
        });
        expect([names.join(' in '), line.text, verdictOf(line.text)]).toEqual([
          names.join(' in '),
          line.text,
          'deny',
        ]);
      }),
      runs,
    );
  });

  test('whatever way its characters are quoted', () => {
    const way = fc.array(fc.nat(5), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(command, way, (text, ways) => {
        let at = 0;
        const quoted = [...text]
          .map((char) => (char === ' ' ? ' ' : quoteCharacter(char, ways[at++ % ways.length] ?? 0)))
          .join('');
        expect([quoted, verdictOf(quoted)]).toEqual([quoted, 'deny']);
      }),
      runs,
    );
  });

  test('before and after other commands', () => {
    const others = fc.constantFrom(
      'ls',
      'cd infra',
      'terraform plan',
      'echo "done"',
      'git status',
      'X=1',
      'true',
      'mkdir -p a/b',
    );
    const joints = fc.constantFrom(' && ', ' || ', '; ', '\n', ' | ', ' & ');
    fc.assert(
      fc.property(
        command,
        fc.array(others, { maxLength: 2 }),
        fc.array(others, { maxLength: 2 }),
        joints,
        (text, a, b, joint) => {
          const line = [...a, text, ...b].join(joint);
          expect([line, verdictOf(line)]).toEqual([line, 'deny']);
        },
      ),
      runs,
    );
  });
});

/** One character, written so that bash reads that character. */
function quoteCharacter(char: string, way: number): string {
  const code = (char.codePointAt(0) ?? 0).toString(16);
  if (way === 1) return `'${char}'`;
  if (way === 2) return `"${char}"`;
  if (way === 3) return `\\${char}`;
  if (way === 4) return `$'\\x${code}'`;
  if (way === 5) return `""${char}''`;
  return char;
}

describe('a denied command is not hidden in values', () => {
  const hidings: Readonly<Record<string, (text: string, cut: number) => string>> = {
    'a variable': (text) => `c=${q(text)}; $c`,
    'a variable that is evaluated': (text) => `c=${q(text)}; eval "$c"`,
    'two variables': (text, cut) => `a=${q(text.slice(0, cut))} b=${q(text.slice(cut))}; eval "$a$b"`,
    'an appended variable': (text, cut) => `a=${q(text.slice(0, cut))}; a+=${q(text.slice(cut))}; eval "$a"`,
    'an exported variable': (text) => `export c=${q(text)}; bash -c '$c'`,
    'printf -v': (text, cut) =>
      `printf -v c '%s%s' ${q(text.slice(0, cut))} ${q(text.slice(cut))}; eval "$c"`,
    'an array': (text) => `c=(${text}); "\${c[@]}"`,
    'the elements of an array': (text) => `c=(${text}); set -- "\${c[@]}"; "$@"`,
    'positional parameters': (text) => `set -- ${text}; "$@"`,
    'arguments of a function': (text) => `f() { "$@"; }; f ${text}`,
    'the first argument of bash -c': (text) => `bash -c '$0 "$@"' ${text}`,
    'a default value': (text) => `\${none:-${text}}`,
    substitution: (text) => `$(echo ${q(text)})`,
    printf: (text, cut) => `eval "$(printf '%s%s' ${q(text.slice(0, cut))} ${q(text.slice(cut))})"`,
    base64: (text) => `eval "$(echo ${Buffer.from(text).toString('base64')} | base64 -d)"`,
    rev: (text) => `eval "$(rev <<< ${q([...text].reverse().join(''))})"`,
    read: (text) => `read -r c <<< ${q(text)}; $c`,
    mapfile: (text) => `mapfile -t c < <(printf '%s\\n' ${text.split(' ').map(q).join(' ')}); "\${c[@]}"`,
    indirection: (text) => `real=${q(text)}; name=real; \${!name}`,
    'an associative array': (text) => `declare -A m=([k]=${q(text)}); \${m[k]}`,
    'a pattern that is taken away': (text) => `c=${q(`xx${text}`)}; \${c#xx}`,
    'a replacement': (text) => `c=${q(text.replace(/e/g, '_'))}; \${c//_/e}`,
    'a loop over its words': (text) => `c=; for w in ${text}; do c="$c $w"; done; $c`,
    braces: (text) => `{${text.replaceAll(' ', ',')}}`,
    'a file': (text) => `echo ${q(text)} > /tmp/x; . /tmp/x`,
    'a separator of its own': (text) => `IFS=_; c=${q(text.replaceAll(' ', '_'))}; $c`,
    'an alias': (text) => `alias zz=${q(text)}\nzz`,
    'a reference': (text) => `declare -n r=c; r=${q(text)}; $c`,
  };
  test.each(Object.keys(hidings))('in %s', (name) => {
    const hide = hidings[name] as (text: string, cut: number) => string;
    fc.assert(
      fc.property(command, fc.integer({ min: 1, max: 12 }), (text, cut) => {
        if (name === 'a separator of its own' && text.includes('_')) return;
        if (name === 'a replacement' && text.includes('_')) return;
        if (name === 'braces' && /[{},]/.test(text)) return;
        const line = hide(text, cut);
        expect([line, verdictOf(line)]).toEqual([line, 'deny']);
      }),
      { numRuns: 25 },
    );
  });
});
