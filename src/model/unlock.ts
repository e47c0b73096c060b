/** How long an unlock can be used, in ms. */
export const UNLOCK_LASTS = 10 * 60 * 1000;

/** A person's leave for one call, once. `until` in ms since 1970. */
export type Unlock = { readonly call: string; readonly by: string; readonly until: number };
