import { describe, expect, test } from 'vitest';
import type { Tool } from '../../src/model/rule.ts';
import { known, showWord, type Word } from '../../src/model/word.ts';
import { parseArguments } from '../../src/policy/arguments.ts';

const tool = (over: Partial<Tool>): Tool => ({
  name: 'tool',
  style: 'gnu',
  values: [],
  switches: [],
  commandOptions: [],
  abbreviates: false,
  argumentVariables: [],
  reads: [],
  rules: [],
  ...over,
});

/** Words as they are (`?` after what may be an option's value), then flags as `-x`, `-x=value`, `-x?` when not certain. */
function told(over: Partial<Tool>, args: readonly (string | Word)[]): string {
  const { words, flags } = parseArguments(
    tool(over),
    args.map((arg) => (typeof arg === 'string' ? known(arg) : arg)),
  );
  const shownWords = words.map(({ word, doubtful }) => showWord(word) + (doubtful ? '?' : ''));
  const shownFlags = flags.map(
    ({ name, value, certain }) =>
      `${name}${value === undefined ? '' : `=${showWord(value)}`}${certain ? '' : '?'}`,
  );
  return `${shownWords.join(' ')} | ${shownFlags.join(' ')}`;
}

const variable: Word = { kind: 'unknown', pieces: [null], many: false, options: false, why: '' };

describe('options and words are told apart', () => {
  test.each<[what: string, over: Partial<Tool>, args: (string | Word)[], told: string]>([
    ['plain words', {}, ['rds', 'delete'], 'rds delete | '],
    ['a declared value is no word', { values: ['--region'] }, ['--region', 'x', 'rds'], 'rds | --region=x'],
    ['a value after =', { values: ['--region'] }, ['--region=x', 'rds'], 'rds | --region=x'],
    ['a switch takes no value', { switches: ['--debug'] }, ['--debug', 'rds'], 'rds | --debug'],
    ['an undeclared option leaves doubt', {}, ['--odd', 'rds', 'x'], 'rds? x | --odd'],
    ['a bundle of letters', {}, ['-rf', 'x'], 'x? | -r -f'],
    ['a value in a bundle', { values: ['-n'] }, ['-xnprod', 'a'], 'a | -x -n=prod'],
    ['a value after a bundle', { values: ['-n'] }, ['-xn', 'prod', 'a'], 'a | -x -n=prod'],
    ['a value only when it is glued', { values: ['-i='] }, ['-i.bak', 'a'], 'a | -i=.bak'],
    ['no value when it is not glued', { values: ['-i='] }, ['-i', 'a'], 'a | -i'],
    [
      'an option that takes a value in one place',
      { values: ['compose -f'], switches: ['-f'] },
      ['compose', '-f', 'x.yml', 'rm', '-f', 'web'],
      'compose rm web | -f=x.yml -f',
    ],
    [
      'the same option elsewhere',
      { values: ['compose -f'], switches: ['-f'] },
      ['rm', '-f', 'a'],
      'rm a | -f',
    ],
    ['a number is no option', {}, ['-1'], '-1 | '],
    ['a single dash is a word', {}, ['-'], '- | '],
    ['all after -- are words', { switches: ['-f'] }, ['-f', '--', '-x', 'a'], '-x a | -f --'],
    ['go: two dashes are one', { style: 'go' }, ['--auto-approve', '-chdir=x'], ' | -auto-approve -chdir=x'],
    ['plain: no bundles', { style: 'plain', switches: ['-delete'] }, ['.', '-delete'], '. | -delete'],
    ['plain: -- is nothing special', { style: 'plain' }, ['--', 'a'], 'a? | --'],
    [
      'an abbreviated value',
      { abbreviates: true, values: ['--message'] },
      ['--mess', 'x', 'a'],
      'a | --mess=x',
    ],
    [
      'a command option ends at ;',
      { style: 'plain', commandOptions: ['-exec'] },
      ['.', '-exec', 'rm', '{}', ';', '-delete'],
      '. | -exec -delete',
    ],
    [
      'a command option ends at {} +',
      { style: 'plain', commandOptions: ['-exec'] },
      ['-exec', 'rm', '+', '{}', '+', 'x'],
      'x | -exec',
    ],
    ['a word that cannot be known', {}, [variable, 'x'], '… x | '],
    ['an option or a word', {}, [{ kind: 'one-of', texts: ['-f', 'x'] }], '{-f,x}? | -f?'],
    [
      'an option with a hole in its value',
      { values: ['--name'] },
      [{ ...variable, pieces: ['--name=', null] }, 'a'],
      'a | --name=…',
    ],
    ['a tab in an option', {}, ['-a\tb'], ' | -a\tb'],
  ])('%s', (_what, over, args, expected) => {
    expect(told(over, args)).toBe(expected);
  });
});
