import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { auditSarif } from '../../src/report/audit.ts';
import { auditModule } from '../../src/terraform/audit.ts';
import { statefulTypes } from '../../src/terraform/stateful/types.ts';

const found = (files: Readonly<Record<string, string>>, types: readonly string[] = []) =>
  auditModule(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    { types },
  ).findings.map(
    ({ file, start, address, check, problem }) => `${file}:${start.line} ${address} ${check} ${problem}`,
  );

const table = (body: string) => `resource "aws_sqs_queue" "q" {\n${body}\n}\n`;

describe('prevent_destroy', () => {
  test.each([
    ['is missing', 'name = "q"', ['main.tf:1 aws_sqs_queue.q prevent_destroy missing']],
    ['is there', 'lifecycle {\n prevent_destroy = true\n}', []],
    ['is there on one line', 'lifecycle { prevent_destroy = true }', []],
    ['is text', 'lifecycle { prevent_destroy = "true" }', []],
    [
      'is false',
      '\nlifecycle {\nprevent_destroy = false\n}',
      ['main.tf:4 aws_sqs_queue.q prevent_destroy off'],
    ],
    [
      'is a variable',
      'lifecycle { prevent_destroy = var.keep }',
      ['main.tf:2 aws_sqs_queue.q prevent_destroy not-constant'],
    ],
    [
      'stands in a comment',
      '# lifecycle { prevent_destroy = true }',
      ['main.tf:1 aws_sqs_queue.q prevent_destroy missing'],
    ],
    [
      'stands in a heredoc',
      'policy = <<E\nlifecycle {\n  prevent_destroy = true\n}\nE',
      ['main.tf:1 aws_sqs_queue.q prevent_destroy missing'],
    ],
    [
      'stands in another block',
      'other {\n  lifecycle {\n    prevent_destroy = true\n  }\n}',
      ['main.tf:1 aws_sqs_queue.q prevent_destroy missing'],
    ],
    ['is missing from many', 'count = 3', ['main.tf:1 aws_sqs_queue.q prevent_destroy missing']],
  ])('%s', (_, body, findings) => {
    expect(found({ 'main.tf': table(body) })).toEqual(findings);
  });

  test('a type without data is not spoken of', () => {
    expect(found({ 'main.tf': 'resource "aws_instance" "a" {\n}\ndata "aws_sqs_queue" "q" {\n}\n' })).toEqual(
      [],
    );
    expect(found({ 'main.tf': 'resource "aws_instance" "a" {\n}\n' }, ['aws_inst*'])).toHaveLength(1);
  });
});

describe('settings of providers', () => {
  const safe = 'lifecycle {\n prevent_destroy = true\n}\n';
  const check = (type: string, body: string) =>
    found({ 'main.tf': `resource "${type}" "x" {\n${body}\n${safe}}\n` }).map((one) =>
      one.split(' ').slice(2).join(' '),
    );

  test.each([
    ['aws_s3_bucket', '', []],
    ['aws_s3_bucket', 'force_destroy = true', ['force_destroy off']],
    ['aws_s3_bucket', 'force_destroy = var.x', []],
    ['aws_secretsmanager_secret', 'recovery_window_in_days = 0', ['recovery_window_in_days off']],
    ['aws_secretsmanager_secret', '', []],
    [
      'google_sql_database_instance',
      'deletion_protection = false\nsettings {\n deletion_protection_enabled = true\n backup_configuration {\n  enabled = true\n }\n}',
      ['deletion_protection off'],
    ],
    ['google_storage_bucket', 'versioning {\n enabled = false\n}', ['versioning.enabled off']],
    [
      'aws_dynamodb_table',
      'deletion_protection_enabled = true\npoint_in_time_recovery {\n enabled = true\n}',
      [],
    ],
    [
      'aws_dynamodb_table',
      'deletion_protection_enabled = true\ndynamic "point_in_time_recovery" {\n for_each = [1]\n content {\n  enabled = false\n }\n}',
      ['point_in_time_recovery.enabled off'],
    ],
    ['aws_cognito_user_pool', 'deletion_protection = "INACTIVE"', ['deletion_protection off']],
    ['azurerm_key_vault', 'purge_protection_enabled = false', ['purge_protection_enabled off']],
    ['mongodbatlas_advanced_cluster', 'backup_enabled = true', ['termination_protection_enabled missing']],
    ['hcloud_volume', 'delete_protection = null', ['delete_protection missing']],
  ])('%s with %s', (type, body, findings) => {
    expect(check(type, body)).toEqual(findings);
  });

  test('an argument of a module call that switches one off', () => {
    expect(
      found({ 'main.tf': 'module "db" {\n  source = "x/y/aws"\n  skip_final_snapshot = true\n}\n' }),
    ).toEqual(['main.tf:3 module.db skip_final_snapshot off']);
  });
});

describe('files that count together', () => {
  const base = table('lifecycle {\n  prevent_destroy = true\n}');
  test('an override file has the last word', () => {
    expect(
      found({ 'main.tf': base, 'x_override.tf': table('lifecycle {\n  prevent_destroy = false\n}') }),
    ).toEqual(['x_override.tf:3 aws_sqs_queue.q prevent_destroy off']);
    expect(found({ 'main.tf': table(''), 'override.tf': base })).toEqual([]);
    expect(
      found({ 'main.tf': base, 'override.tf': table('lifecycle {\n  ignore_changes = [name]\n}') }),
    ).toEqual([]);
  });

  test('JSON is read as HCL is', () => {
    const json = (resource: unknown) => found({ 'a.tf.json': JSON.stringify({ resource }, null, 2) });
    expect(json({ aws_sqs_queue: { q: { lifecycle: { prevent_destroy: true } } } })).toEqual([]);
    expect(json([{ aws_sqs_queue: [{ q: [{ lifecycle: [{ prevent_destroy: true }] }] }] }])).toEqual([]);
    expect(json({ aws_sqs_queue: { q: { lifecycle: { prevent_destroy: '${false}' } } } })).toEqual([
      'a.tf.json:6 aws_sqs_queue.q prevent_destroy off',
    ]);
    expect(
      json({ aws_sqs_queue: { q: { '//': 'blastguard:ignore prevent_destroy: a scratch queue' } } }),
    ).toEqual([]);
  });

  test('what is broken is named, and the rest is audited', () => {
    const { findings, faults } = auditModule([
      { file: 'a.tf', text: 'resource "aws_sqs_queue" "a" {\n  name = \n}\n' },
      { file: 'b.tf.json', text: '{"resource": {' },
      { file: 'c.tf', text: table('') },
    ]);
    expect(faults.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([
      'a.tf:2:10',
      'b.tf.json:1:15',
    ]);
    expect(findings.map(({ address }) => address)).toEqual(['aws_sqs_queue.a', 'aws_sqs_queue.q']);
  });
});

describe('comments that excuse', () => {
  test.each([
    ['above', '# blastguard:ignore prevent_destroy: rebuilt nightly\n', '', []],
    ['above other comments', '// blastguard:ignore all: rebuilt nightly\n# more\n', '', []],
    ['within', '', '  # blastguard:ignore prevent_destroy: rebuilt nightly', []],
    ['of another block', '# blastguard:ignore prevent_destroy: x y z\n\n', '', ['prevent_destroy']],
    ['of another check', '# blastguard:ignore force_destroy: rebuilt nightly\n', '', ['prevent_destroy']],
    ['without a reason', '# blastguard:ignore prevent_destroy\n', '', ['ignore', 'prevent_destroy']],
    ['with an empty reason', '# blastguard:ignore prevent_destroy: \n', '', ['ignore', 'prevent_destroy']],
    ['for nothing', '# blastguard:ignore : because\n', '', ['ignore', 'prevent_destroy']],
  ])('%s', (_, above, body, checks) => {
    const { findings, ignored } = auditModule([{ file: 'main.tf', text: above + table(body) }]);
    expect(findings.map(({ check }) => check).sort()).toEqual(checks);
    expect(ignored).toHaveLength(checks.length === 0 ? 1 : 0);
    if (checks.length === 0) expect(ignored[0]?.reason).toBe('rebuilt nightly');
  });
});

test('SARIF is valid by its own schema, and says where each finding is', () => {
  const schema = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  const audit = auditModule([
    {
      file: 'infra/a b.tf',
      text: `${table('')}# blastguard:ignore all: rebuilt\n${table('').replace('"q"', '"r"')}`,
    },
    { file: 'infra/b.tf', text: 'resource "aws_s3_bucket" "b" {\n  force_destroy = true\n  oops oops\n}\n' },
  ]);
  const log = JSON.parse(JSON.stringify(auditSarif(audit, '1.2.3')));
  expect([validate(log), validate.errors]).toEqual([true, null]);
  const [{ results, tool }] = log.runs;
  expect(results).toHaveLength(audit.findings.length + audit.ignored.length + audit.faults.length);
  expect(
    results.map((result: { ruleIndex: number; ruleId: string }) => tool.driver.rules[result.ruleIndex].id),
  ).toEqual(results.map((result: { ruleId: string }) => result.ruleId));
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'infra/a%20b.tf' },
    region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 30 },
  });
  expect(results.filter((result: object) => 'suppressions' in result)).toHaveLength(1);
  expect(validate({ ...log, version: '3' })).toBe(false);
});

describe('the list of types with data', () => {
  test('each has a page of its provider, and settings with a name', () => {
    for (const { type, source, settings, holds } of statefulTypes.values()) {
      expect(type).toMatch(/^[a-z0-9-]+_[a-z0-9_]+$/);
      expect(new URL(source).pathname).toMatch(/\/[a-z0-9_]+$/);
      expect(holds).not.toBe('');
      for (const { path, mend, isSafe } of settings) {
        expect(path.join('.')).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
        // What `protect` writes is safe by the setting's own measure.
        if (mend !== undefined) expect(isSafe(mend)).toBe(true);
      }
    }
    expect(statefulTypes.size).toBeGreaterThan(500);
  });

  test.each([
    'aws_',
    'google_',
    'azurerm_',
    'kubernetes_',
    'helm_',
    'cloudflare_',
    'digitalocean_',
    'mongodbatlas_',
    'planetscale_',
    'snowflake_',
  ])('%s is among them', (prefix) => {
    expect([...statefulTypes.keys()].some((type) => type.startsWith(prefix))).toBe(true);
  });
});

test('10,000 resources are audited in less than 2 s', () => {
  const one = (i: number) => `resource "aws_db_instance" "db${i}" {
  identifier = "db-\${var.env}-${i}"
  tags = merge(local.tags, {
    Name = "db${i}" # its name
  })
  user_data = <<-EOT
    #!/bin/sh
    echo "\${var.greeting}"
  EOT

  lifecycle {
    ${i % 2 === 0 ? 'prevent_destroy = true' : 'ignore_changes = [tags]'}
  }
}
`;
  const sources = Array.from({ length: 20 }, (_, m) => ({
    file: `m${m}.tf`,
    text: Array.from({ length: 500 }, (_, i) => one(m * 500 + i)).join('\n'),
  }));
  // Of the processor's time, because other tests may run beside this one.
  const started = process.cpuUsage();
  const audit = auditModule(sources);
  const took = process.cpuUsage(started).user / 1000;
  expect(audit.resources).toBe(10_000);
  expect(audit.findings.filter(({ check }) => check === 'prevent_destroy')).toHaveLength(5_000);
  expect(took).toBeLessThan(2_000);
});
