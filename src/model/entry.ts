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

/** The name and the class of the environment that a line names; the name is the class where there is none. */
export function environmentIn({ environment }: Entry): { name: string; kind: string } | undefined {
  if (typeof environment !== 'object' || environment === null || !('class' in environment)) return undefined;
  const kind = String(environment.class);
  const name = 'name' in environment && typeof environment.name === 'string' ? environment.name : kind;
  return { name, kind };
}
