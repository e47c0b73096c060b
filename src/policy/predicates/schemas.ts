import { z } from 'zod';
import { statementKinds } from '../statements/found.ts';
import { places } from './places.ts';

const globs = z.array(z.string().min(1)).min(1);
const targets = z.array(z.enum(places)).min(1);

/** What each named condition takes, by the name it has in packs. Their meaning is in the file of the same name. */
export const conditionSchemas = {
  flags: globs.describe('one of these flags is there'),
  words: globs.describe('one of the words after the matched ones fits'),
  program: globs.describe(
    "the program's or the tool's name fits, where a line of `match` holds a glob for it",
  ),
  operands: z
    .strictObject({ 'at-least': z.int().min(0).optional(), 'at-most': z.int().min(0).optional() })
    .describe('so many words follow the matched ones'),
  environment: z.record(z.string().min(1), z.string()).describe('the variable is set and fits the glob'),
  assigns: globs.describe('the line itself sets a variable whose name fits'),
  'some-target': targets.describe('one of the words after the matched ones is a path in one of the places'),
  request: z
    .strictObject({
      methods: globs.optional(),
      hosts: globs.optional(),
      'not-hosts': globs.optional(),
      paths: globs.optional(),
      'not-paths': globs.optional(),
      mutations: globs.optional(),
    })
    .describe('the command makes an HTTP request that is all of this'),
  'every-target': targets.describe('all the words after the matched ones are paths in one of the places'),
  statements: z
    .array(z.enum(statementKinds))
    .min(1)
    .describe('the code given to a client of a database holds a statement of one of these kinds'),
  endpoint: z
    .literal('local')
    .describe('every host that the command names is this machine, and it names one'),
  database: z
    .literal('test')
    .describe('every database that the command names is one for tests, and it names one'),
  plan: z
    .enum(['safe', 'unproven'])
    .describe('the plan file that is applied was inspected of late and deletes no data; or that is not so'),
} as const;
