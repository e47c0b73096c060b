import { z } from 'zod';
import { type ToolDimension, toolDimensions } from '../model/environment.ts';
import { conditionSchemas } from './predicates/schemas.ts';
import { languageNames } from './statements/languages.ts';

/** The YAML form of a pack. `z.toJSONSchema` of it is docs/pack.schema.json, for completion in editors. */

export const text = z.string().trim().min(1);

const condition = z.union(
  Object.entries(conditionSchemas).map(
    ([name, schema]): z.ZodType<Record<string, unknown>> => z.strictObject({ [name]: schema }),
  ),
);

const code = z.strictObject({
  language: z.enum(languageNames),
  options: z.array(text).default([]).describe('options whose value is code'),
  files: z.array(text).default([]).describe('options whose value is a file of code'),
  operands: z.int().min(0).optional().describe('the words after the matched ones are code, from this one on'),
  joined: z.boolean().default(false).describe('these words together are one piece of code'),
  input: z
    .enum(['never', 'alone', 'always'])
    .default('never')
    .describe('code is read from standard input: where nothing else gives any, or in any case'),
});

const endpoints = z.strictObject({
  hosts: z.array(text).default([]).describe('options whose value is a host or a URL'),
  databases: z.array(text).default([]).describe("options whose value is a database's name or a URL"),
  variables: z.array(text).default([]).describe('variables that hold a host, a database or a URL'),
  operands: z
    .union([z.int().min(0), z.literal('urls')])
    .default(0)
    .describe('how many of the words after the matched ones name a database; `urls`: any word that is a URL'),
});

const landed = z
  .array(text.regex(/^!?(?:-{1,2}[A-Za-z]|[A-Za-z_]\w*\*?$)/, 'neither an option nor the name of a variable'))
  .optional();
const lands = z.strictObject(
  Object.fromEntries(toolDimensions.map((name) => [name, landed])) as Record<ToolDimension, typeof landed>,
);

const scope = z
  .enum(['environment', 'machine'])
  .describe('where a command acts of which no rule speaks: in an environment (default), or on this machine');

const tool = z.strictObject({
  programs: z.array(text).min(1).describe('names of the program; the first is the name of the tool'),
  style: z.enum(['gnu', 'go', 'plain']).default('gnu').describe('how options are spelt'),
  values: z.array(text).default([]).describe('options that take a value'),
  switches: z.array(text).default([]).describe('options that take none'),
  commands: z.array(text).default([]).describe('options that carry a whole command, up to `;` or `{} +`'),
  abbreviates: z.boolean().default(false).describe('unambiguous prefixes of long options are accepted'),
  'arguments-from': z.array(text).default([]).describe('environment variables whose words become arguments'),
  reads: z.array(text).default([]).describe('command shapes that only read'),
  local: z
    .array(text)
    .default([])
    .describe('command shapes that change at most what the tool keeps on this machine'),
  scope: scope.optional(),
  code: code.optional().describe('where its command line holds code'),
  endpoints: endpoints.optional().describe('where its command line and environment name hosts and databases'),
  lands: lands
    .optional()
    .describe('options and variables that say where a command lands; `!NAME`: given, it makes that unknown'),
});

const verdict = z.enum(['deny', 'ask', 'pass']);

const iamAction = z
  .string()
  .regex(/^!?(?:\*|[a-z0-9-]+):[A-Za-z0-9*]+$/, 'an IAM action is service:Action')
  .describe('`*` stands for any text, as a service for any; `!` takes out again what a `*` stands for');
const iamWhen = z.strictObject({
  actions: z.array(iamAction).min(1),
  condition: z
    .record(text, z.record(text, z.union([text, z.array(text).min(1)])))
    .describe('the condition of a policy statement under which they destroy'),
});

export const rule = z
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
    'by-class': z
      .strictObject({
        sandbox: verdict.optional(),
        staging: verdict.optional(),
        unrecognised: verdict.optional(),
      })
      .optional()
      .describe(
        'what it decides elsewhere than in production; `unrecognised`: where no environment is recognised',
      ),
    match: z.array(text).default([]),
    reads: z.array(text).default([]).describe('path globs'),
    writes: z.array(text).default([]).describe('path globs, or guard:NAME'),
    removes: z.array(text).default([]).describe('path globs, or guard:NAME'),
    change: z
      .enum(['unprotects'])
      .optional()
      .describe('only where the change takes protection away from a resource in a Terraform file'),
    when: z.array(condition).default([]),
    unless: z.array(condition).default([]),
    iam: z
      .array(z.union([iamAction, iamWhen]))
      .default([])
      .describe('the IAM actions behind it'),
    reason: text,
    instead: text,
    sources: z.array(z.url()).default([]),
    examples: z.strictObject({
      deny: z.array(text).default([]),
      ask: z.array(text).default([]),
      pass: z.array(text).default([]),
    }),
  })
  .refine((r) => r.match.length + r.reads.length + r.writes.length + r.removes.length > 0, {
    message: 'a rule needs `match`, `reads`, `writes` or `removes`',
  });

export const packSchema = z.strictObject({
  pack: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  sources: z.array(z.url()).default([]),
  scope: scope.default('environment'),
  tools: z.array(tool).default([]),
  rules: z.array(rule),
});

export type Pack = z.infer<typeof packSchema>;
