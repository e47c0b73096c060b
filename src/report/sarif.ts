/** One result of an analysis, as code scanning shows it. Lines and columns count from 1. */
export type SarifResult = {
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  /** Relative to where the analysis ran, with `/`. */
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end?: { readonly line: number; readonly column: number };
  /** What stays the same when lines move. */
  readonly fingerprint: string;
  /** Why it does not count. */
  readonly suppressed?: string;
};

export type SarifRule = {
  readonly id: string;
  readonly text: string;
  readonly help: string;
  readonly page?: string;
};

/** A log in SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), as an object for JSON. */
export function sarifLog(
  version: string,
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
): object {
  const indexes = new Map(rules.map(({ id }, i) => [id, i]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'blastguard',
            version,
            rules: rules.map(({ id, text, help, page }) => ({
              id,
              shortDescription: { text },
              help: { text: help },
              ...(page === undefined ? {} : { helpUri: page }),
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({
          ruleId: result.rule,
          ...(indexes.has(result.rule) ? { ruleIndex: indexes.get(result.rule) } : {}),
          level: result.level,
          message: { text: result.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(result.file) },
                region: {
                  startLine: result.start.line,
                  startColumn: result.start.column,
                  ...(result.end === undefined
                    ? {}
                    : { endLine: result.end.line, endColumn: result.end.column }),
                },
              },
            },
          ],
          partialFingerprints: { 'blastguard/v1': result.fingerprint },
          ...(result.suppressed === undefined
            ? {}
            : { suppressions: [{ kind: 'inSource', justification: result.suppressed }] }),
        })),
      },
    ],
  };
}

const uriOf = (file: string): string =>
  file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
