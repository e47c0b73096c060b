import { spawnSync } from 'node:child_process';

const named = process.env.BLASTGUARD_TERRAFORM ?? 'terraform';
const found = spawnSync(named, ['version'], { encoding: 'utf8' });

/** The real Terraform (or OpenTofu, by BLASTGUARD_TERRAFORM), or undefined where there is none. */
export const terraform = found.status === 0 ? named : undefined;

if (terraform === undefined && process.env.CI === 'true')
  throw new Error('these tests need terraform: .ci/run installs it where Go is');

/** For the names of tests that are skipped. */
export const unlessThere = terraform === undefined ? ' (skipped: there is no terraform)' : '';

/** Runs it without anything that this machine's own configuration says. */
export function runTerraform(args: readonly string[], cwd: string, input = '') {
  const { TF_CLI_CONFIG_FILE, TF_LOG, ...env } = process.env;
  return spawnSync(terraform ?? 'terraform', args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null' },
  });
}
