import { z } from 'zod';
import { conditionSchemas } from './predicates/schemas.ts';

/** The YAML form of a pack. `z.toJSONSchema` of it is docs/pack.schema.json, for completion in editors. */

const text = z.string().trim().min(1);

const condition = z.union(
  Object.entries(conditionSchemas).map(
    ([name, schema]): z.ZodType<Record<string, unknown>> => z.strictObject({ [name]: schema }),
  ),
);

const tool = z.strictObject({
  programs: z.array(text).min(1).describe('names of the program; the first is the name of the tool'),
  style: z.enum(['gnu', 'go', 'plain']).default('gnu').describe('how options are spelt'),
  values: z.array(text).default([]).describe('options that take a value'),
  switches: z.array(text).default([]).describe('options that take none'),
  commands: z.array(text).default([]).describe('options that carry a whole command, up to `;` or `{} +`'),
  abbreviates: z.boolean().default(false).describe('unambiguous prefixes of long options are accepted'),
  'arguments-from': z.array(text).default([]).describe('environment variables whose words become arguments'),
  reads: z.array(text).default([]).describe('command shapes that only read'),
});

const rule = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'an id is PACK/NAME in lower-case letters, digits and hyphens'),
    title: text,
    severity: z.enum(['critical', 'high', 'medium', 'low']),
    decision: z.enum(['deny', 'ask']),
    'on-uncertain': z
      .enum(['ask', 'pass'])
      .default('ask')
      .describe('what a match means that words which cannot be known leave open'),
    match: z.array(text).default([]),
    writes: z.array(text).default([]).describe('path globs, or guard:NAME'),
    removes: z.array(text).default([]).describe('path globs, or guard:NAME'),
    when: z.array(condition).default([]),
    unless: z.array(condition).default([]),
    iam: z
      .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9*]+$/, 'an IAM action is service:Action'))
      .default([]),
    reason: text,
    instead: text,
    sources: z.array(z.url()).default([]),
    examples: z.strictObject({
      deny: z.array(text).default([]),
      ask: z.array(text).default([]),
      pass: z.array(text).default([]),
    }),
  })
  .refine((r) => r.match.length + r.writes.length + r.removes.length > 0, {
    message: 'a rule needs `match`, `writes` or `removes`',
  });

export const packSchema = z.strictObject({
  pack: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  sources: z.array(z.url()).default([]),
  tools: z.array(tool).default([]),
  rules: z.array(rule),
});

export type Pack = z.infer<typeof packSchema>;
