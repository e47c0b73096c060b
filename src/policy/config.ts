import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Config, defaultConfig } from '../model/config.ts';
import { PolicyError } from './policy-error.ts';

/** The YAML form of blastguard.yaml. */
export const configSchema = z.strictObject({
  'on-uncertain': z
    .enum(['ask', 'deny'])
    .default(defaultConfig.onUncertain)
    .describe('what a rule that matches only perhaps leads to'),
  'on-log-failure': z
    .enum(['deny', 'pass'])
    .default(defaultConfig.onLogFailure)
    .describe('what happens to a call that cannot be recorded'),
  'deadline-ms': z
    .int()
    .min(1)
    .max(60_000)
    .default(defaultConfig.deadline)
    .describe('how long a decision may take before it is a denial'),
});

/** Reads blastguard.yaml. Throws PolicyError with the line at fault. */
export function parseConfig(file: string, source: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const fault = (offset: number, problem: string) => {
    const { line, col } = lines.linePos(offset);
    return new PolicyError(file, line, col, problem);
  };
  const broken = document.errors[0];
  if (broken) throw fault(broken.pos[0], broken.message.split('\n')[0] ?? 'not YAML');
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const node = issue === undefined ? undefined : document.getIn(issue.path, true);
    const range =
      typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
        ? node.range[0]
        : 0;
    const known = Object.keys(configSchema.shape).join(', ');
    throw fault(
      range,
      `${issue?.path.join('.') ? `\`${issue.path.join('.')}\`: ` : ''}${issue?.message ?? 'not a configuration'} (known keys: ${known})`,
    );
  }
  return {
    onUncertain: parsed.data['on-uncertain'],
    onLogFailure: parsed.data['on-log-failure'],
    deadline: parsed.data['deadline-ms'],
  };
}
