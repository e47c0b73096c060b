import { builtInPolicy } from '../loaded-config.ts';
import { type CheckGroup, fail, ok } from './finding.ts';

/** Can the compiled policy be read? */
export const policy: CheckGroup = {
  name: 'policy',
  run() {
    try {
      return [ok(`the built-in rules can be read (${builtInPolicy().digest.slice(0, 12)})`)];
    } catch (error) {
      return [fail(error instanceof Error ? error.message : String(error), 'install blastguard again')];
    }
  },
};
