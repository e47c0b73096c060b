/** A line of the audit log as it is read: a call, an event of a session or a person's action. Only its time is certain. */
export type Entry = { readonly time: number; readonly [key: string]: unknown };

/** A field that should hold text, whatever the line holds. */
export const textOf = (entry: Entry, key: string): string => {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
};

/** The texts in a field that should hold a list of them. */
export const textsIn = (entry: Entry, key: string): readonly string[] => {
  const value = entry[key];
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
};

/** A place where a call acted. */
export type Place = { readonly name: string; readonly kind: string };

/** The name and the class of the environment that decided; the name is the class where there is none. */
export const environmentIn = ({ environment }: Entry): Place | undefined => placeOf(environment);

/** Where the commands of a call act. */
export const touchedIn = ({ touched }: Entry): readonly Place[] =>
  Array.isArray(touched) ? touched.map(placeOf).filter((place) => place !== undefined) : [];

function placeOf(value: unknown): Place | undefined {
  if (typeof value !== 'object' || value === null || !('class' in value)) return undefined;
  const kind = String(value.class);
  return { name: 'name' in value && typeof value.name === 'string' ? value.name : kind, kind };
}
