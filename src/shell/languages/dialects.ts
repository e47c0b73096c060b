import type { Language } from './host.ts';

/** How the languages that the loose reader reads differ from each other. */
export type Dialect = {
  readonly comment: readonly string[];
  readonly concat: readonly string[];
  /** What opens code inside a double-quoted string. */
  readonly interpolation: 'hash' | 'dollar' | 'none';
  readonly backtick: 'shell' | 'text' | 'name';
  /** Calls without parentheses. */
  readonly bare: boolean;
  /** What ends a block: `end`, or a brace. */
  readonly blocks: 'end' | 'brace';
  readonly sigils: string;
  readonly quotes: 'ruby' | 'perl' | 'none';
  readonly heredoc: '<<' | '<<<' | 'none';
};

const brace = {
  comment: ['//'],
  concat: ['+'],
  interpolation: 'dollar',
  backtick: 'name',
  bare: false,
  blocks: 'brace',
  sigils: '',
  quotes: 'none',
  heredoc: 'none',
} as const;

export const dialects: Readonly<Partial<Record<Language, Dialect>>> = {
  ruby: {
    comment: ['#'],
    concat: ['+'],
    interpolation: 'hash',
    backtick: 'shell',
    bare: true,
    blocks: 'end',
    sigils: '$@',
    quotes: 'ruby',
    heredoc: '<<',
  },
  perl: {
    comment: ['#'],
    concat: ['.'],
    interpolation: 'dollar',
    backtick: 'shell',
    bare: true,
    blocks: 'brace',
    sigils: '$@%&',
    quotes: 'perl',
    heredoc: '<<',
  },
  php: {
    ...brace,
    comment: ['//', '#'],
    concat: ['.'],
    backtick: 'shell',
    bare: true,
    sigils: '$',
    heredoc: '<<<',
  },
  lua: { ...brace, comment: ['--'], concat: ['..'], interpolation: 'none', blocks: 'end' },
  r: { ...brace, comment: ['#'], concat: [], interpolation: 'none' },
  julia: { ...brace, comment: ['#'], concat: ['*'], backtick: 'shell', blocks: 'end' },
  elixir: { ...brace, comment: ['#'], concat: ['<>'], interpolation: 'hash', blocks: 'end', bare: true },
  groovy: brace,
  go: { ...brace, interpolation: 'none', backtick: 'text' },
};
