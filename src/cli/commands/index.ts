import type { CliCommand } from '../command.ts';
import { allowOnce } from './allow-once.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { doctor } from './doctor.ts';
import { hook } from './hook.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { resume } from './resume.ts';
import { status } from './status.ts';
import { statusline } from './statusline.ts';
import { stop } from './stop.ts';
import { test } from './test.ts';
import { trust } from './trust.ts';
import { uninstall } from './uninstall.ts';

/** Every subcommand, in the order of the help. */
export const commands: readonly CliCommand[] = [
  init,
  uninstall,
  status,
  doctor,
  stop,
  resume,
  log,
  allowOnce,
  trust,
  check,
  compile,
  test,
  hook,
  statusline,
];
