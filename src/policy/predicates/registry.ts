import { assigns } from './assigns.ts';
import { database, endpoint } from './endpoint.ts';
import { environment } from './environment.ts';
import { flags } from './flags.ts';
import { operands } from './operands.ts';
import { plan } from './plan.ts';
import type { Predicate } from './predicate.ts';
import { program } from './program.ts';
import { request } from './request.ts';
import type { conditionSchemas } from './schemas.ts';
import { statements } from './statements.ts';
import { everyTarget, someTarget } from './targets.ts';
import { words } from './words.ts';

/** The meaning of each condition that packs may name. */
export const predicates: Readonly<Record<keyof typeof conditionSchemas, Predicate<never>>> = {
  flags,
  words,
  program,
  operands,
  environment,
  assigns,
  'some-target': someTarget,
  'every-target': everyTarget,
  request,
  statements,
  endpoint,
  database,
  plan,
};
