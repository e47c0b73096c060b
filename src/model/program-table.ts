/**
 * The rows of a table that name a program, in its order; `programs` are separated by spaces. A scan, remembered: a map of
 * all programs takes longer to make than the few look-ups of a call.
 */
export function programTable<Row extends { readonly programs: string }>(
  table: readonly Row[],
): (program: string) => readonly Row[] {
  const found = new Map<string, readonly Row[]>();
  return (program) => {
    let rows = found.get(program);
    if (rows === undefined) {
      const word = ` ${program} `;
      rows = /^\S+$/.test(program) ? table.filter(({ programs }) => ` ${programs} `.includes(word)) : [];
      found.set(program, rows);
    }
    return rows;
  };
}
