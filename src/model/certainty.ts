/** Three-valued truth: a word that cannot be known makes an answer `maybe`, never `no`. */
export type Certainty = 'yes' | 'maybe' | 'no';

const rank = { no: 0, maybe: 1, yes: 2 } as const;

/** The stronger of two answers (logical or). */
export const either = (a: Certainty, b: Certainty): Certainty => (rank[a] >= rank[b] ? a : b);

/** The weaker of two answers (logical and). */
export const both = (a: Certainty, b: Certainty): Certainty => (rank[a] <= rank[b] ? a : b);
