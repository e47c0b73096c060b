import { both, type Certainty, either } from '../../model/certainty.ts';
import type { Facts } from '../../model/facts.ts';
import { known, type Word } from '../../model/word.ts';
import { fits } from '../glob.ts';
import { documentsOf, mutationFields } from '../graphql.ts';
import { type Request, readRequests } from '../request.ts';
import type { Matched, Predicate } from './predicate.ts';

type Shape = {
  readonly methods?: readonly string[] | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly 'not-hosts'?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly 'not-paths'?: readonly string[] | undefined;
  readonly mutations?: readonly string[] | undefined;
};

export const request: Predicate<Shape> = (shape: Shape, matched: Matched, facts: Facts) =>
  readRequests(matched, facts)
    .map((made) => fitsShape(shape, made))
    .reduce(either, 'no');

function fitsShape(shape: Shape, { method, host, path, bodies }: Request): Certainty {
  return [
    anyFits(
      shape.methods,
      mapWord(method, (text) => text.toUpperCase()),
    ),
    anyFits(shape.hosts, host),
    excuses(shape['not-hosts'], host),
    anyFits(shape.paths, path),
    excuses(shape['not-paths'], path),
    shape.mutations ? mutates(shape.mutations, bodies) : 'yes',
  ].reduce(both, 'yes');
}

const anyFits = (globs: readonly string[] | undefined, word: Word): Certainty =>
  globs === undefined ? 'yes' : globs.map((glob) => fits(glob, word)).reduce(either, 'no');

/** An exception counts only where it certainly holds. */
const excuses = (globs: readonly string[] | undefined, word: Word): Certainty =>
  globs !== undefined && anyFits(globs, word) === 'yes' ? 'no' : 'yes';

function mapWord(word: Word, change: (text: string) => string): Word {
  if (word.kind === 'known') return known(change(word.text));
  if (word.kind === 'one-of') return { kind: 'one-of', texts: word.texts.map(change) };
  return { ...word, pieces: word.pieces.map((piece) => (piece === null ? null : change(piece))) };
}

/** Whether a body calls one of the mutations. What fills a hole inside a document is taken for a value in it. */
function mutates(globs: readonly string[], bodies: readonly Word[]): Certainty {
  return bodies
    .map((body): Certainty => {
      if (body.kind === 'one-of')
        return body.texts.map((text) => mutates(globs, [known(text)])).reduce(either, 'no');
      const pieces = body.kind === 'known' ? [body.text] : body.pieces;
      const fields = documentsOf(pieces.map((piece) => piece ?? 'x').join('')).flatMap(mutationFields);
      if (fields.some((field) => globs.some((glob) => fits(glob, known(field.toLowerCase())) === 'yes')))
        return 'yes';
      return pieces[0] === null ? 'maybe' : 'no';
    })
    .reduce(either, 'no');
}
