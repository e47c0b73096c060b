import { boundary } from './boundary.ts';
import { guard } from './guard.ts';
import { killSwitch } from './kill-switch.ts';
import type { Checker } from './layer.ts';
import { rollout } from './rollout.ts';
import { terraform } from './terraform.ts';

/** The guard, then the four layers around it. */
export const checkers: readonly Checker[] = [guard, terraform, boundary, killSwitch, rollout];
