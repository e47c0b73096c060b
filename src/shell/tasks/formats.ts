import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { parse as parseTomlText } from 'smol-toml';
import { parse } from 'yaml';

/** What a YAML text holds; undefined when it is not valid. Aliases are expanded a bounded number of times. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text, {
      logLevel: 'error',
      prettyErrors: false,
      merge: true,
      strict: false,
      uniqueKeys: false,
      maxAliasCount: 100,
    });
  } catch {
    return undefined;
  }
}

/** What a TOML text holds; undefined when it is not valid. */
export function parseToml(text: string): unknown {
  try {
    return parseTomlText(text);
  } catch {
    return undefined;
  }
}

/** What a JSON text with comments and trailing commas holds; undefined when it is not valid. */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  try {
    const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
    return errors.length === 0 ? value : undefined;
  } catch {
    // Nested too deeply for its recursion.
    return undefined;
  }
}
