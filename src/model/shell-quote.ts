/** A text as one word of a POSIX shell's line. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same, bare where no character of it means anything to a shell. */
export const quote = (text: string): string => (/^[\w./:=@%+,-]+$/.test(text) ? text : quoted(text));
