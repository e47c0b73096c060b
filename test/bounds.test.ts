import { afterAll, expect, test } from 'vitest';
import { answerOf, bash, direct, makePlace, play } from './golden/play.ts';

/** Lines that would take for ever if something grew with their square, or with the power of two. */
const place = makePlace();
afterAll(place.remove);

const repeat = (text: string, times: number): string => text.repeat(times);

const lines: readonly (readonly [what: string, line: string])[] = [
  ['thirty thousand words', repeat('w ', 30000)],
  ['a megabyte in one word', `echo ${repeat('a', 1e6)}`],
  ['half a million words', repeat('a ', 5e5)],
  ['a hundred thousand words', repeat('w ', 1e5)],
  ['ten thousand substitutions', repeat('$(', 1e4) + repeat(')', 1e4)],
  ['ten thousand subshells', `${repeat('(', 1e4)}rm x${repeat(')', 1e4)}`],
  ['ten thousand groups', `${repeat('{ ', 1e4)}rm x;${repeat('} ', 1e4)}`],
  ['eight thousand defaults', `echo ${repeat('${x:-', 8000)}a${repeat('}', 8000)}`],
  ['five thousand conditions', `${repeat('if a; then ', 5000)}b;${repeat('fi;', 5000)}`],
  ['five thousand here-documents', repeat('cat <<E\nx\nE\n', 5000)],
  ['a million brace expansions', `echo ${repeat('{a,b}', 20)}`],
  ['a thousand million numbers', `echo ${repeat('{1..1000}', 3)}`],
  ['ten thousand braces', `echo ${repeat('{a,', 10000)}${repeat('}', 10000)}`],
  ['a pattern of thirty thousand stars', `rm ${repeat('*a', 30000)}`],
  ['a replacement that matches nowhere', `x=${repeat('a', 30000)}; echo \${x//*a*a*a*b/c}`],
  ['a value that doubles forty times', `x=aaaaaaaa;${repeat('x=$x$x;', 40)}echo $x`],
  ['two hundred loops in each other', `${repeat('for i in a b c; do ', 200)}echo $i;${repeat('done;', 200)}`],
  [
    'loops over twenty-five million pairs',
    'for i in {1..5000}; do for j in {1..5000}; do rm $i$j; done; done',
  ],
  [
    'functions that call two each',
    `${Array.from({ length: 2000 }, (_, i) => `f${i}(){ f${i + 1}; f${i + 1}; }`).join(';')};f0`,
  ],
  ['three thousand items', `case x in ${repeat('a) rm x;; ', 3000)}esac`],
  ['nine thousand parentheses', `echo $((${repeat('(', 9000)}1${repeat(')', 9000)}))`],
  [
    'three hundred values of two each',
    Array.from({ length: 300 }, (_, i) => `if x; then a${i}=1; else a${i}=2; fi`).join(';') +
      ';rm ' +
      Array.from({ length: 300 }, (_, i) => `$a${i}`).join(''),
  ],
  ['Python that is none', `python3 -c "${repeat('import os; (([{ ', 4000)}"`],
  ['Python nested nine thousand deep', `python3 -c "x=${repeat('[', 9000)}${repeat(']', 9000)}"`],
  ['Python calls in calls', `python3 -c "x=${repeat('a.b(', 6000)}${repeat(')', 6000)}"`],
  ['JavaScript that is none', `node -e '${repeat('const x = ({[ ', 4500)}'`],
  ['JavaScript nested eight thousand deep', `node -e '${repeat('(()=>{', 8000)}${repeat('})()', 8000)}'`],
  ['templates in templates', `node -e '${repeat('`${', 6000)}'`],
  ['Ruby that starts three thousand programs', `ruby -e '${repeat('system("a"+"b");', 3500)}'`],
  ['Perl that is none', `perl -e '${repeat('q{(([[<<E', 5000)}'`],
  ['awk that starts thousands', `awk '${repeat('{system("a")}', 4500)}'`],
  ['four thousand statements', `psql -c "${repeat('DELETE FROM a; ', 4000)}"`],
  ['eight thousand selects', `psql -c "${repeat('SELECT (', 8000)}"`],
  ['comments in comments', `psql -c "${repeat('/*', 30000)}"`],
  ['PowerShell nested nine thousand deep', `pwsh -c '${repeat('$((', 9000)}'`],
  ['twenty thousand words of xargs', `echo ${repeat('a ', 20000)}| xargs -n1 rm`],
  ['four thousand commands of find', `find . ${repeat('-exec rm {} \\; ', 4000)}`],
  ['aliases of each other', `${repeat('alias a=b;alias b=a;', 2000)}a`],
  ['five thousand lines in base64', `echo ${repeat('cm0gLXJmIC8K', 5000)} | base64 -d | bash`],
  ['twelve thousand times sudo', `${repeat('sudo ', 12000)}rm x`],
  ['nine thousand options that nobody declared', `aws ${repeat('--x y ', 9000)}rds delete-db-instance`],
  ['six thousand headers', `curl ${repeat('-H "a: b" ', 6000)}-X DELETE https://api.x/`],
  ['one thousand five hundred branches', `${repeat('if x; then a=1; else a=2; fi; ', 1500)}rm $a`],
  ['three hundred loops', `${repeat('while read l; do ', 300)}rm $l;${repeat('done;', 300)}`],
  ['ten thousand directories', `${repeat('cd a;', 10000)}rm b`],
];

test.each(lines)('%s: judged, or denied, in time', { timeout: 30_000 }, async (_what, line) => {
  const started = performance.now();
  const answer = answerOf(await play(direct, { environment: place.environment, input: bash(place, line) }));
  // The deadline is two seconds; what is beyond the limits asks, or is denied, before that.
  expect(performance.now() - started).toBeLessThan(6000);
  expect(answer.verdict).not.toBe('open');
  expect(answer.reason).not.toMatch(/call stack|heap|TypeError|cannot read/i);
});
