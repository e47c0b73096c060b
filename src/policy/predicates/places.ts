/** Where a path can lie, as packs name it. A path may lie in several places at once. */
export const places = [
  'root',
  'home',
  'workspace',
  'inside-workspace',
  'temporary',
  'generated',
  'version-control',
  'device',
  'several',
  'outside',
] as const;

export type Place = (typeof places)[number];
