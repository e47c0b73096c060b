import fc from 'fast-check';

// One seed, so that a run means the same each day; VITEST_SEED tries another. A failure prints its own.
fc.configureGlobal({ seed: Number(process.env.VITEST_SEED ?? 1) });
