import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const markdownIn = (dir: string) =>
  readdirSync(join(root, dir))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, dir, name));
const pages = [...markdownIn('.'), ...markdownIn('docs')];

/** The files of this repository that a page links to. */
const linksOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link?.split('#')[0] ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => resolve(dirname(page), link));

describe.each(pages.map((page) => [relative(root, page), page] as const))('%s', (_, page) => {
  test('links to what is there', () => expect(linksOf(page).filter((link) => !existsSync(link))).toEqual([]));
});

test('the README leads to every page', () => {
  const linked = new Set(linksOf(join(root, 'README.md')));
  const missing = pages.filter((page) => !linked.has(page) && page !== join(root, 'README.md'));
  expect(missing.map((page) => relative(root, page))).toEqual([]);
});
