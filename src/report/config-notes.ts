import type { LevelReport } from '../policy/compile-config.ts';

/** What every denial says of the configuration: files that are not in force, and files that nobody trusts any more. */
export function configNotes(reports: readonly LevelReport[]): readonly string[] {
  return reports.flatMap(({ level, file, fault, trust, ignored }) => {
    if (fault !== undefined)
      return [`blastguard's ${level === 'user' ? '' : `${level} `}configuration is not in force: ${fault}`];
    if (trust === 'changed')
      return [
        `${file} has changed since the user trusted it, so it only tightens until it is trusted again.`,
      ];
    if (trust === 'never' && ignored.length > 0)
      return [
        `${file} is not trusted by the user, so it only tightens; not in force: ${ignored.slice(0, 5).join(', ')}.`,
      ];
    return [];
  });
}
