import type { AuditReport } from '../../report/audit.ts';
import { auditBelow } from '../commands/terraform-audit.ts';
import { advised, type Checker, type Finding, idle, missing, stands } from './layer.ts';

/** Layer 1: what `blastguard terraform audit` finds in the project. */
export const terraform: Checker = {
  name: 'terraform',
  title: 'Terraform delete protection',
  check: async ({ project, terminal }) => findingsOf(await auditBelow([project], [], 'low', terminal)),
};

function findingsOf({ files, stateful, findings, faults }: AuditReport): readonly Finding[] {
  if (files === 0) return [idle('no Terraform files in this project')];
  const broken = faults.map(({ file, line, message }) =>
    missing(`${file}:${line} cannot be read: ${message}`, 'terraform validate'),
  );
  if (stateful === 0) return [...broken, idle(`no resource in ${files} Terraform files holds data`)];
  const destroyable = findings.filter(({ check }) => check === 'prevent_destroy');
  const others = findings.length - destroyable.length;
  const [first] = destroyable;
  return [
    ...broken,
    first === undefined
      ? stands(`all ${stateful} resources that hold data have prevent_destroy`)
      : missing(
          `${destroyable.length} of ${stateful} resources that hold data have no prevent_destroy, the first ${first.file}: ${first.address}`,
          'blastguard terraform protect --write',
        ),
    ...(others === 0
      ? []
      : [
          advised(
            `${others} settings of their providers leave data open to deletion`,
            'blastguard terraform audit',
          ),
        ]),
  ];
}
