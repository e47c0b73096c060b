import { z } from 'zod';
import { type Dimension, dimensions } from '../model/environment.ts';
import { stages } from '../model/stage.ts';
import { killSwitchSchema } from './kill-switch.ts';
import { rule, text } from './schema.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** The YAML form of blastguard.yaml. `z.toJSONSchema` of it is docs/config.schema.json, for completion in editors. */

const globs = z.union([text, z.array(text).min(1)], { error: 'a glob or a list of globs is wanted' });

const marks = z
  .strictObject({
    ...(Object.fromEntries(dimensions.map((name) => [name, globs.optional()])) as Record<
      Exclude<Dimension, 'variable'>,
      z.ZodOptional<typeof globs>
    >),
    variable: z.record(text, globs).optional(),
  })
  .refine((given) => Object.keys(given).length > 0, { message: 'nothing to recognise it by' });

const environment = z.strictObject({
  name: text,
  class: z.enum(['sandbox', 'staging', 'production']),
  critical: z
    .boolean()
    .optional()
    .describe(
      'false for a production environment that a stage of the rollout may open first (default: true)',
    ),
  when: z.array(marks).min(1).describe('any of these; of each, all must hold'),
});

const idGlob = z
  .string()
  .regex(/^(?:[a-z0-9*?-]+\/[a-z0-9*?-]+|\*)$/, 'neither a rule id (PACK/NAME) nor a glob of ids');
const choice = z.enum(['deny', 'ask', 'pass', 'keep']);
const decision = z.union(
  [
    choice,
    z.strictObject({
      sandbox: choice.optional(),
      staging: choice.optional(),
      production: choice.optional(),
    }),
  ],
  { error: 'deny, ask, pass or keep is wanted, or one of these for `sandbox`, `staging` and `production`' },
);

const exception = z
  .strictObject({
    rule: idGlob,
    command: text.optional().describe('a line as in `match` of a rule'),
    path: globs.optional().describe('globs of absolute paths, for rules about files'),
    environment: text.optional().describe('the name of an environment that must be recognised'),
    until: z
      .union([z.iso.date(), z.iso.datetime()], {
        error: 'a date is wanted, such as 2026-12-31 (the last day, UTC) or 2026-12-31T18:00:00Z',
      })
      .optional(),
    reason: text,
  })
  .refine(({ command, path, environment }) => command ?? path ?? environment, {
    message: 'an exception needs `command`, `path` or `environment`; to switch a rule off, use `decisions`',
  });

const demands = z.strictObject({
  days: z.int().min(0).optional().describe('days at the stage'),
  sessions: z.int().min(0).optional().describe('sessions that did something'),
  reviewed: z.number().min(0).max(100).optional().describe('percent of these sessions that were reviewed'),
  readiness: z.boolean().optional().describe('whether `blastguard readiness` must be green'),
});

const stageName = z.enum(stages);

const rollout = z.strictObject({
  stage: stageName.describe('where it starts; in a managed file also how far it may go'),
  closed: z
    .array(text)
    .default([])
    .describe('programs, by glob, that never change production, whatever the stage'),
  review: z
    .boolean()
    .optional()
    .describe('no session changes production while another waits for its review (default: at `production`)'),
  'expires-days': z.int().min(1).optional().describe('a stage that was set ends after so many days'),
  demands: z
    .partialRecord(stageName, demands)
    .default({})
    .describe('what must be there before `advance` leaves a stage'),
});

export const configSchema = z.strictObject({
  'on-uncertain': z
    .enum(['ask', 'deny'])
    .optional()
    .describe('what a rule that matches only perhaps leads to (default: ask)'),
  'on-log-failure': z
    .enum(['deny', 'pass'])
    .optional()
    .describe('what happens to a call that cannot be recorded (default: deny)'),
  'deadline-ms': z
    .int()
    .min(1)
    .max(60_000)
    .optional()
    .describe('how long a decision may take before it is a denial (default: 2000)'),
  rollout: rollout.optional().describe('how far agents are let, stage by stage'),
  environments: z.array(environment).default([]).describe('where commands can land, and how to recognise it'),
  rules: z
    .array(
      rule.refine(({ id }) => id.startsWith('own/'), {
        path: ['id'],
        message: 'the id of a rule of your own is own/NAME',
      }),
    )
    .default([])
    .describe('rules of your own, written as in packs'),
  packs: z.array(text).default([]).describe('packs of your own: files, relative to this one'),
  decisions: z.record(idGlob, decision).default({}).describe('what becomes of rules, by id or glob of ids'),
  exceptions: z.array(exception).default([]).describe('commands that a rule does not stop'),
  'kill-switch': killSwitchSchema
    .optional()
    .describe('where the kill switch can be thrown, beside the files in the project and at home'),
});

export type ConfigFile = YamlFile<typeof configSchema>;
export type ConfigText = z.output<typeof configSchema>;

/** The part that stays in force when another part of the file has a fault: a slip must not disarm the switch. */
export const killSwitchAlone = z.looseObject({ 'kill-switch': killSwitchSchema.optional() });

/** Reads the text of blastguard.yaml. Throws PolicyError at the first fault. */
export const readConfig = (file: string, source: string): ConfigFile => readYaml(file, source, configSchema);
