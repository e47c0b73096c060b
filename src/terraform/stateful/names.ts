import { asBoolean, asNumber } from '../hcl/constant.ts';
import type { Scalar } from '../hcl/syntax.ts';

/** A protection by its name alone, for where the type it belongs to is not known: module calls, fragments of a file. */
export type NamedProtection = {
  readonly name: string;
  readonly isOff: (value: Scalar) => boolean;
  readonly risk: string;
};

const offWhen =
  (risk: string, isOff: (value: Scalar) => boolean) =>
  (name: string): NamedProtection => ({ name, isOff, risk });

const mustBeTrue = offWhen(
  'nothing at the provider stops a deletion',
  (value) =>
    asBoolean(value) === false || /^(?:inactive|disabled|unprotected|.*_disabled)$/i.test(String(value)),
);
const mustBeFalse = offWhen('a destroy takes the data, too', (value) => asBoolean(value) === true);
const mustNotBeZero = offWhen('what is deleted cannot be brought back', (value) => asNumber(value) === 0);

export const looseProtections: readonly NamedProtection[] = [
  ...[
    'deletion_protection',
    'deletion_protection_enabled',
    'deletion_lock',
    'delete_protection',
    'delete_protection_state',
    'cluster_deletion_protection',
    'termination_protection',
    'termination_protection_enabled',
    'terraform_deletion_protection',
    'disable_api_termination',
    'enable_deletion_protection',
    'enable_drop_protection',
    'purge_protection_enabled',
    'soft_delete_enabled',
    'prevent_volume_deletion',
    'archive_on_destroy',
  ].map(mustBeTrue),
  ...[
    'skip_final_snapshot',
    'skip_final_backup',
    'force_destroy',
    'force_delete',
    'force_delete_without_recovery',
    'delete_contents_on_destroy',
    'delete_automated_backups',
    'close_on_deletion',
    'drop_cascade',
    'purge_on_delete',
    'permanently_remove_on_delete',
    'force_delete_storage',
  ].map(mustBeFalse),
  ...[
    'recovery_window_in_days',
    'backup_retention_period',
    'snapshot_retention_limit',
    'automated_snapshot_retention_period',
    'data_retention_time_in_days',
  ].map(mustNotBeZero),
];
