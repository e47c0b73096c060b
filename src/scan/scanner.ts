/** What the scan loads as a bundle of its own: readers of many formats. */
export { ignoreFor, ignoresIn } from './ignores.ts';
export { lineOf } from './place.ts';
export { readerFor } from './read-steps.ts';
