import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { faultText } from '../fault.ts';
import { type CheckGroup, fail, ok } from './finding.ts';

/** Can the compiled policy be read? */
export const policy: CheckGroup = {
  name: 'policy',
  run() {
    try {
      return [ok(`the built-in rules can be read (${openBuiltInPolicy().digest.slice(0, 12)})`)];
    } catch (error) {
      return [fail(faultText(error), 'install blastguard again')];
    }
  },
};
