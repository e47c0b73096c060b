import type { CliCommand, Job } from '../command.ts';
import { allowOnce } from './allow-once.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { hook } from './hook.ts';
import { iamBoundary } from './iam-boundary.ts';
import { iamVerify } from './iam-verify.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { readiness } from './readiness.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { resume } from './resume.ts';
import { review } from './review.ts';
import { rollout } from './rollout.ts';
import { scan } from './scan.ts';
import { ship } from './ship.ts';
import { status } from './status.ts';
import { statusline } from './statusline.ts';
import { stop } from './stop.ts';
import { terraformAudit } from './terraform-audit.ts';
import { terraformPlan } from './terraform-plan.ts';
import { terraformProtect } from './terraform-protect.ts';
import { test } from './test.ts';
import { trust } from './trust.ts';
import { uninstall } from './uninstall.ts';
import { watch } from './watch.ts';

/** Every subcommand by what a person wants to do, in the order of the help. */
export const jobs: readonly Job[] = [
  { title: 'Install', commands: [init, uninstall, completion] },
  { title: 'Watch over it', commands: [status, doctor, readiness, watch, log] },
  { title: 'Halt', commands: [stop, resume] },
  { title: 'Decide and explain', commands: [check, allowOnce, trust, compile, test, scan] },
  {
    title: 'Layers around the hook',
    commands: [terraformAudit, terraformProtect, terraformPlan, iamBoundary, iamVerify],
  },
  { title: 'Rollout and review', commands: [rollout, replay, review, report, ship] },
  { title: 'For programs', commands: [hook, statusline] },
];

export const commands: readonly CliCommand[] = jobs.flatMap((job) => job.commands);
