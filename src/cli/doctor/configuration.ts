import { configOf } from '../loaded-config.ts';
import { printable } from '../terminal.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Is every configuration file in force, as its author meant it? */
export const configuration: CheckGroup = {
  name: 'config',
  run({ project, terminal }: Patient) {
    const reports = configOf(project, terminal).reports();
    if (reports.length === 0) return [ok('none: the built-in rules as they are')];
    return reports.flatMap(({ level, file, fault, trust, warnings, ignored }): readonly Finding[] => {
      const check = `blastguard compile ${file}`;
      if (fault !== undefined) return [fail(`${file} is not in force: ${printable(fault)}`, check)];
      const found = warnings.map((each) => warn(`${file}: ${printable(each)}`, check));
      if (trust === 'changed')
        found.push(warn(`${file} changed since it was trusted, so it only tightens`, 'blastguard trust'));
      if (trust === 'never' && ignored.length > 0)
        found.push(warn(`${file} is not trusted, so it only tightens`, 'blastguard trust'));
      return found.length > 0 ? found : [ok(`${file} is in force (${level})`)];
    });
  },
};
