import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { auditModule } from '../../src/terraform/audit.ts';
import { parseHcl } from '../../src/terraform/hcl/parse.ts';
import { protectModule } from '../../src/terraform/protect.ts';
import '../properties/seed.ts';
import { runTerraform, terraform, unlessThere } from './real.ts';

const protectedText = (text: string, file = 'main.tf'): string =>
  protectModule([{ file, text }]).files[0]?.after ?? text;

describe('what is written', () => {
  test.each([
    [
      'into an empty block',
      'resource "aws_sqs_queue" "q" {}\n',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'into a block on one line',
      'resource "aws_sqs_queue" "q" { name = "q" }\n',
      'resource "aws_sqs_queue" "q" {\n  name = "q"\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'after the last argument',
      'resource "aws_sqs_queue" "q" {\n  name = "q" # its name\n}\n',
      'resource "aws_sqs_queue" "q" {\n  name = "q" # its name\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'after a last comment',
      'resource "aws_sqs_queue" "q" {\n  name = "q"\n  # the end\n}\n',
      'resource "aws_sqs_queue" "q" {\n  name = "q"\n  # the end\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'in line with what is there',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    create_before_destroy = true\n    prevent_destroy       = true\n  }\n}\n',
    ],
    [
      'apart from what would have to move',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    ignore_changes = [name]\n  }\n}\n',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    ignore_changes = [name]\n\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'in place of false',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = false # why\n  }\n}\n',
      'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = true # why\n  }\n}\n',
    ],
    [
      'in place of a variable',
      'resource "aws_sqs_queue" "q" {\n  lifecycle { prevent_destroy = var.keep }\n}\n',
      'resource "aws_sqs_queue" "q" {\n  lifecycle { prevent_destroy = true }\n}\n',
    ],
    [
      'with tabs',
      'resource "aws_sqs_queue" "q" {\n\tname = "q"\n}\n',
      'resource "aws_sqs_queue" "q" {\n\tname = "q"\n\n\tlifecycle {\n\t\tprevent_destroy = true\n\t}\n}\n',
    ],
    [
      'with line ends of Windows',
      'resource "aws_sqs_queue" "q" {\r\n  name = "q"\r\n}\r\n',
      'resource "aws_sqs_queue" "q" {\r\n  name = "q"\r\n\r\n  lifecycle {\r\n    prevent_destroy = true\r\n  }\r\n}\r\n',
    ],
    [
      'with a byte order mark',
      '\uFEFFresource "aws_sqs_queue" "q" {\n}\n',
      '\uFEFFresource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'a setting that is off',
      'resource "aws_s3_bucket" "b" {\n  force_destroy = true\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
      'resource "aws_s3_bucket" "b" {\n  force_destroy = false\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'a block on one line with a setting that is off',
      'resource "aws_s3_bucket" "b" { force_destroy = true }\n',
      'resource "aws_s3_bucket" "b" {\n  force_destroy = false\n\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    ],
    [
      'a last snapshot with a name',
      'resource "aws_redshift_cluster" "w_h" {\n  skip_final_snapshot = true\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
      'resource "aws_redshift_cluster" "w_h" {\n  skip_final_snapshot = false\n  lifecycle {\n    prevent_destroy = true\n  }\n\n  final_snapshot_identifier = "w-h-final"\n}\n',
    ],
    [
      'nothing that a comment excuses',
      '# blastguard:ignore prevent_destroy: scratch\nresource "aws_sqs_queue" "q" {}\n',
      '# blastguard:ignore prevent_destroy: scratch\nresource "aws_sqs_queue" "q" {}\n',
    ],
    ['nothing into a broken file', 'resource "aws_sqs_queue" "q" {\n', 'resource "aws_sqs_queue" "q" {\n'],
  ])('%s', (_, before, after) => {
    expect(protectedText(before)).toBe(after);
    expect(protectedText(after)).toBe(after);
  });

  test('into JSON, with its own layout', () => {
    const text =
      '{\n    "resource": {\n        "aws_s3_bucket": {\n            "b": {\n                "force_destroy": true\n            },\n            "c": {}\n        }\n    }\n}\n';
    const after = protectedText(text, 'main.tf.json');
    expect(after).toBe(
      '{\n    "resource": {\n        "aws_s3_bucket": {\n            "b": {\n                "force_destroy": false,\n                "lifecycle": {\n                    "prevent_destroy": true\n                }\n            },\n            "c": {\n                "lifecycle": {\n                    "prevent_destroy": true\n                }\n            }\n        }\n    }\n}\n',
    );
    expect(protectedText(after, 'main.tf.json')).toBe(after);
    const listed = '{"resource": {"aws_s3_bucket": {"b": [{"lifecycle": [{"prevent_destroy": false}]}]}}}';
    expect(JSON.parse(protectedText(listed, 'a.tf.json'))).toEqual({
      resource: { aws_s3_bucket: { b: [{ lifecycle: [{ prevent_destroy: true }] }] } },
    });
  });

  test('what an override file switches off is mended there', () => {
    const sources = [
      {
        file: 'main.tf',
        text: 'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
      },
      {
        file: 'override.tf',
        text: 'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n',
      },
    ];
    const { files } = protectModule(sources);
    expect(files.map(({ file }) => file)).toEqual(['override.tf']);
    expect(files[0]?.after).toBe(sources[0]?.text);
  });
});

/** Configuration as people write it, laid out as `terraform fmt` would. */
const attribute = fc.constantFrom(
  ['name = "a"'],
  ['tags = {', '  a = 1', '}'],
  ['description = <<-EOT', '  lifecycle {', '  }', 'EOT'],
  ['policy = "${var.a}}" # a comment'],
  ['# a comment of its own'],
  [''],
  ['force_destroy = true'],
  ['force_destroy = false # keep'],
  ['ingress {', '  from_port = 1', '  cidrs     = [', '    "a",', '  ]', '}'],
  ['lifecycle {', '}'],
  ['lifecycle {', '  prevent_destroy = false', '}'],
  ['lifecycle {', '  ignore_changes = [tags]', '  # why', '}'],
  ['lifecycle {', '  create_before_destroy = true # so', '}'],
  ['lifecycle { prevent_destroy = true }'],
);
/** Of the arguments and of lifecycle only one of a kind is valid. */
const keyOf = ([first = '']: readonly string[]) => /^\w+/.exec(first)?.[0] ?? first;
const resource = fc.tuple(
  fc.constantFrom('aws_s3_bucket', 'aws_sqs_queue', 'aws_instance', 'aws_db_instance'),
  fc.uniqueArray(attribute, {
    maxLength: 6,
    selector: keyOf,
    comparator: (a, b) => a === b && /^\w/.test(a),
  }),
);
const configuration = fc.array(resource, { minLength: 1, maxLength: 4 }).map((resources) =>
  resources
    .map(([type, parts], i) => {
      const lines = parts.flat().map((line) => (line === '' || line === 'EOT' ? line : `  ${line}`));
      return `resource "${type}" "r${i}" {\n${lines.map((line) => `${line}\n`).join('')}}\n`;
    })
    .join('\n'),
);

describe('whatever the configuration', () => {
  test('protecting twice is protecting once, the result parses, and nothing but what was inserted changes', () => {
    fc.assert(
      fc.property(configuration, (text) => {
        const [file] = protectModule([{ file: 'main.tf', text }]).files;
        if (file === undefined) return;
        expect(parseHcl(file.after).faults).toEqual([]);
        expect(protectModule([{ file: 'main.tf', text: file.after }]).files).toEqual([]);
        const left = auditModule([{ file: 'main.tf', text: file.after }]).findings;
        expect(left.filter(({ check }) => check === 'prevent_destroy' || check === 'force_destroy')).toEqual(
          [],
        );
        // Every line that goes is one whose value is mended; all others stay, in order.
        const kept = file.after.split('\n');
        let at = 0;
        for (const line of text.split('\n')) {
          if (/force_destroy = true|prevent_destroy = false/.test(line)) continue;
          const found = kept.indexOf(line, at);
          expect([line, found]).not.toEqual([line, -1]);
          at = found + 1;
        }
      }),
      { numRuns: 500 },
    );
  });

  const dir = mkdtempSync(join(tmpdir(), 'blastguard-protect-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.skipIf(terraform === undefined)(
    `what is laid out as terraform fmt does stays so${unlessThere}`,
    () => {
      const texts = fc.sample(configuration, 150);
      for (const [i, text] of texts.entries()) writeFileSync(join(dir, `f${i}.tf`), text);
      expect(runTerraform(['fmt', '-no-color'], dir).status).toBe(0);
      const changed = texts.flatMap((_, i) => {
        const file = join(dir, `f${i}.tf`);
        const [after] = protectModule([{ file: 'main.tf', text: readFileSync(file, 'utf8') }]).files;
        if (after) writeFileSync(file, after.after);
        return after ? [i] : [];
      });
      expect(changed.length).toBeGreaterThan(50);
      const { stdout, stderr } = runTerraform(['fmt', '-no-color', '-check', '-diff'], dir);
      expect([stdout, stderr]).toEqual(['', '']);
    },
  );
});
