import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { planMarkdown, planTable } from '../../src/report/plan.ts';
import { readPlan } from '../../src/terraform/plan.ts';

type Change = { actions: readonly string[]; [key: string]: unknown };
const resource = (address: string, change: Change, more: object = {}) => ({
  address,
  mode: 'managed',
  type: address.replace(/^module\.\w+\./, '').split('.')[0],
  change,
  ...more,
});
const planOf = (changes: readonly object[], more: object = {}) =>
  JSON.stringify({ format_version: '1.2', planned_values: {}, resource_changes: changes, ...more });

const plan = readPlan(
  planOf([
    resource(
      'aws_s3_bucket.logs',
      { actions: ['delete'] },
      { action_reason: 'delete_because_no_resource_config' },
    ),
    resource('module.db.aws_db_instance.main', {
      actions: ['delete', 'create'],
      replace_paths: [['engine'], ['subnets', 0, 'id']],
    }),
    resource(
      'aws_instance.web',
      { actions: ['create', 'delete'] },
      { action_reason: 'replace_because_tainted' },
    ),
    resource('aws_sqs_queue.kept', { actions: ['forget'] }),
    resource(
      'aws_sqs_queue.new_name',
      { actions: ['no-op'] },
      { previous_address: 'aws_sqs_queue.old_name' },
    ),
    resource('aws_kms_key.k', { actions: ['no-op'], importing: { id: 'k-1' } }),
    resource('aws_dynamodb_table.t', { actions: ['update'], importing: { id: 't-1' } }),
    resource('aws_sqs_queue.q', { actions: ['create'] }),
    resource('aws_sqs_queue.d', { actions: ['read'] }, { mode: 'data' }),
    resource('aws_ebs_volume.v', { actions: ['delete'] }, { deposed: 'abcd1234' }),
  ]),
);

describe('what a plan does', () => {
  test('deletions and replacements of data are told from the rest', () => {
    expect(plan.losses.map(({ address }) => address)).toEqual([
      'aws_s3_bucket.logs',
      'module.db.aws_db_instance.main',
      'aws_ebs_volume.v',
    ]);
    expect(plan.counts).toEqual({ delete: 2, replace: 2, forget: 1, update: 1, create: 1 });
    expect(plan.moved.map(({ movedFrom, address }) => [movedFrom, address])).toEqual([
      ['aws_sqs_queue.old_name', 'aws_sqs_queue.new_name'],
    ]);
  });

  test('the table says what forces a replacement', () => {
    const text = planTable(plan, picocolors.createColors(false));
    expect(text).toContain('module.db.aws_db_instance.main  forced by engine, subnets[0].id');
    expect(text).toMatch(/delete {3}bucket +aws_s3_bucket.logs +it is not in the configuration any more/);
    expect(text).toMatch(/aws_instance.web +it is tainted/);
    expect(text).toMatch(/aws_ebs_volume.v +deposed object abcd1234/);
    expect(text).toMatch(/aws_dynamodb_table.t +imported as t-1/);
    expect(text).toContain('aws_sqs_queue.old_name → aws_sqs_queue.new_name');
    expect(text).toContain(
      '2 to delete, 2 to replace, 1 to forget, 1 to change, 1 to create, 1 to move: 3 resources with data would be deleted',
    );
  });

  test('the comment for a pull request is a table that names cannot break out of', () => {
    const odd = readPlan(planOf([resource('aws_sqs_queue.q["a|`b`\n<img>"]', { actions: ['delete'] })]));
    const rows = planMarkdown(odd)
      .split('\n')
      .filter((line) => line.startsWith('| delete'));
    expect(rows).toEqual(['| delete | `aws_sqs_queue.q["a\\|\'b\' <img>"]` | queue |  |']);
    expect(planMarkdown(plan)).toContain('### 🛑 Terraform plan: 3 resources with data would be deleted');
    expect(planMarkdown(readPlan(planOf([])))).toContain('✅');
  });

  test('a plan that failed, or put something off, is not complete', () => {
    expect(readPlan(planOf([], { errored: true })).incomplete).toBe(true);
    expect(readPlan(planOf([], { complete: false })).incomplete).toBe(true);
    const deferred = [{ reason: 'x', resource_change: resource('aws_s3_bucket.b', { actions: ['delete'] }) }];
    expect(readPlan(planOf([], { deferred_changes: deferred }))).toMatchObject({
      incomplete: true,
      losses: [{}],
    });
  });

  test.each([
    ['', 'not JSON'],
    ['[]', 'an object is expected'],
    ['{}', '`format_version` is missing'],
    ['{"format_version":"9.0","resource_changes":[]}', 'a format that is not known'],
    ['{"format_version":"1.0","values":{}}', 'this is a state, not a plan'],
    ['{"format_version":"1.0"}', 'not a plan'],
    ['{"format_version":"1.0","resource_changes":{}}', 'is not a list'],
    ['{"format_version":"1.0","resource_changes":[{}]}', 'has no address'],
    [planOf([{ address: 'a.b', type: 'a', change: {} }]), 'is not a list'],
    [planOf([resource('a.b', { actions: ['explode'] })]), 'an unknown action on a.b: ["explode"]'],
  ])('%s is refused', (text, why) => {
    expect(() => readPlan(text)).toThrow(why);
  });
});
