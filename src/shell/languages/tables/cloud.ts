import { known, type Word } from '../../../model/word.ts';
import { type CallSite, callsBefore, command, type Effect, option, type Row } from '../effect.ts';
import { isWord, type Thing, textOf, toWord, toWords, type Value } from '../value.ts';

/** `DeleteDBInstance`, `deleteDBInstance` and `delete_db_instance` are `delete-db-instance`. */
export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

/** What the CLI calls the services that an SDK names otherwise. */
const awsNames: Readonly<Record<string, string>> = {
  s3: 's3api',
  config: 'configservice',
  'config-service': 'configservice',
  'cloudwatch-logs': 'logs',
  cloudwatchlogs: 'logs',
  'cloudwatch-events': 'events',
  cloudwatchevents: 'events',
  eventbridge: 'events',
  'elastic-load-balancing': 'elb',
  'elastic-load-balancing-v2': 'elbv2',
  'auto-scaling': 'autoscaling',
  'cognito-identity-provider': 'cognito-idp',
  cognitoidentityserviceprovider: 'cognito-idp',
  cognitoidentity: 'cognito-identity',
  sfn: 'stepfunctions',
  'secrets-manager': 'secretsmanager',
  'route-53': 'route53',
  'route-53-domains': 'route53domains',
  'database-migration-service': 'dms',
  'direct-connect': 'directconnect',
  'elastic-beanstalk': 'elasticbeanstalk',
  codedeploy: 'deploy',
  'efs-file-system': 'efs',
  'app-runner': 'apprunner',
  'api-gateway': 'apigateway',
  'opensearch-service': 'opensearch',
  'storage-gateway': 'storagegateway',
  'service-catalog': 'servicecatalog',
  'elasticsearch-service': 'es',
};
const awsService = (name: string): string => awsNames[name] ?? name;

/** Parts of a client that are no operations. */
const notOperations =
  /^(?:get_paginator|get_waiter|can_paginate|close|exceptions|meta|generate_presigned_\w+|send|destroy|promise|paginate|wait|list_\w+|describe_\w+|upload_\w+|download_\w+|put_object)$/;

/** The parameters of an SDK call as options of the CLI. */
function awsOptions(params: Iterable<readonly [string, Value]>): Word[] {
  const words: Word[] = [];
  for (const [name, value] of params) {
    const option = kebab(name);
    const text = textOf(value);
    if (text === 'true') words.push(known(`--${option}`));
    else if (text === 'false') words.push(known(`--no-${option}`));
    else words.push(known(`--${option}`), ...(value.kind === 'dict' ? [known('{}')] : toWords(value)));
  }
  return words;
}

const aws = (site: CallSite, service: string, operation: string): Value => {
  const [dict] = site.args;
  const params = [...site.named, ...(dict?.kind === 'dict' ? dict.entries : [])];
  return site.run.spawn([known('aws'), known(service), known(operation), ...awsOptions(params)], {});
};

const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** The nearest call before, of one of these names. */
function origin(site: CallSite, names: RegExp): Thing | undefined {
  for (let value = site.receiver; value?.kind === 'thing'; value = value.base)
    if (names.test(value.path)) return value;
  return undefined;
}

/** Operations of boto3 clients: `boto3.client('rds').delete_db_instance(…)`. */
const boto: Effect = (site) => {
  const client = origin(site, /(?:^|\.)(?:client|create_client)\(\)$/);
  const service = textOf(client?.args?.[0] ?? client?.named?.get('service_name'));
  const operation = last(site.path);
  if (
    client === undefined ||
    !(site.run.modules.has('boto3') || client.path.startsWith('boto') || site.run.modules.has('botocore')) ||
    notOperations.test(operation) ||
    !site.path.startsWith(`${client.path}.`)
  )
    return undefined;
  return site.path === `${client.path}.${operation}`
    ? aws(site, awsService(service ?? '*'), kebab(operation))
    : undefined;
};

/** boto3 resources, by the kind of thing and the method: the CLI's operation and the option that takes the name. */
const botoResources: Readonly<Record<string, string>> = {
  'Bucket.delete': 's3api delete-bucket --bucket',
  'Table.delete': 'dynamodb delete-table --table-name',
  'Instance.terminate': 'ec2 terminate-instances --instance-ids',
  'Instance.stop': 'ec2 stop-instances --instance-ids',
  'Volume.delete': 'ec2 delete-volume --volume-id',
  'Snapshot.delete': 'ec2 delete-snapshot --snapshot-id',
  'Vpc.delete': 'ec2 delete-vpc --vpc-id',
  'Subnet.delete': 'ec2 delete-subnet --subnet-id',
  'SecurityGroup.delete': 'ec2 delete-security-group --group-id',
  'Image.deregister': 'ec2 deregister-image --image-id',
  'Queue.delete': 'sqs delete-queue --queue-url',
  'Queue.purge': 'sqs purge-queue --queue-url',
  'Topic.delete': 'sns delete-topic --topic-arn',
  'Stack.delete': 'cloudformation delete-stack --stack-name',
  'User.delete': 'iam delete-user --user-name',
  'Role.delete': 'iam delete-role --role-name',
  'Policy.delete': 'iam delete-policy --policy-arn',
  'Group.delete': 'iam delete-group --group-name',
};

const botoResource: Effect = (site) => {
  const match =
    /\.([A-Z]\w+)\(\)(\.objects|\.object_versions)?(?:\.(?:all|filter|limit)\(\))?(?:\[\])?\.(\w+)$/.exec(
      site.path,
    );
  const resource = origin(site, /(?:^|\.)resource\(\)$/);
  if (!match || resource === undefined) {
    // `ec2.instances.filter(…).terminate()`
    const many =
      /(?:^|\.)resource\(\)\.(instances|volumes|snapshots|buckets)\.(?:all|filter)\(\)(?:\[\])?\.(terminate|delete|stop)$/.exec(
        site.path,
      );
    return many
      ? site.run.spawn(
          [known('aws'), known(many[1] === 'buckets' ? 's3api' : 'ec2'), known(`${many[2]}-${many[1]}`)],
          {},
        )
      : undefined;
  }
  const thing = origin(site, new RegExp(`\\.${match[1]}\\(\\)$`));
  const name = toWord(thing?.args?.[0]);
  if (match[2] !== undefined) {
    if (!/^delete/.test(match[3] ?? '')) return undefined;
    const filter = origin(site, /\.filter\(\)$/)?.named?.get('Prefix');
    const uri: Word =
      name.kind === 'known' ? known(`s3://${name.text}/${textOf(filter) ?? ''}`.replace(/\/$/, '')) : name;
    return site.run.spawn([known('aws'), known('s3'), known('rm'), uri, known('--recursive')], {});
  }
  const line = botoResources[`${match[1]}.${match[3]}`];
  return line === undefined
    ? undefined
    : site.run.spawn([known('aws'), ...line.split(' ').map(known), name], {});
};

/** `new DeleteDBInstanceCommand({…})` of `@aws-sdk/client-rds`, and the methods of its clients. */
const awsSdk: Effect = (site) => {
  const match = /^@aws-sdk\/(?:client|lib)-([\w-]+)\.(?:(\w+)Command|(?:\w+)\(\)\.(\w+))$/.exec(site.path);
  if (match) {
    const [, service = '', commandName, method] = match;
    const operation = commandName ?? method ?? '';
    return notOperations.test(operation)
      ? undefined
      : aws(site, awsService(service === 'dynamodb' ? 'dynamodb' : service), kebab(operation));
  }
  // `new AWS.RDS().deleteDBInstance({…})` and `import RDS from 'aws-sdk/clients/rds'`
  const old = /^aws-sdk(?:\.|\/clients\/)(\w+)\(\)\.(\w+)$/.exec(site.path);
  return old && !notOperations.test(old[2] ?? '')
    ? aws(site, awsService((old[1] ?? '').toLowerCase()), kebab(old[2] ?? ''))
    : undefined;
};

/** Google Cloud: the client library's module, and the command group of gcloud. */
const googleGroups: readonly (readonly [module: RegExp, group: string])[] = [
  [/\bstorage/, 'storage'],
  [/\bbigquery/, 'bigquery'],
  [/\bpubsub/, 'pubsub'],
  [/\bspanner/, 'spanner'],
  [/\bsecret-?manager/, 'secrets'],
  [/\bcontainer/, 'container'],
  [/\bcompute/, 'compute'],
  [/\bsql/, 'sql'],
  [/\brun\b|\brun_v/, 'run'],
  [/\bfunctions/, 'functions'],
  [/\bkms/, 'kms'],
  [/\bbigtable/, 'bigtable'],
  [/\bfirestore/, 'firestore'],
  [/\bdataproc/, 'dataproc'],
  [/\bredis/, 'redis'],
  [/\bresourcemanager|\bresource_?manager/, 'projects'],
  [/\bdns\b/, 'dns'],
  [/\blogging/, 'logging'],
];

const plural = (noun: string): string =>
  noun === '' || noun.endsWith('s')
    ? noun
    : noun.endsWith('y') && !/[aeiou]y$/.test(noun)
      ? `${noun.slice(0, -1)}ies`
      : `${noun}s`;

/** `storage.Client().bucket('x').delete()` → `gcloud storage buckets delete gs://x`. */
const google: Effect = (site) => {
  const operation = last(site.path);
  if (!/^(?:google\.cloud\b|@google-cloud\/)/.test(site.path) || !/^(?:delete|destroy)/.test(operation))
    return undefined;
  const group = googleGroups.find(([module]) => module.test(site.path.split('()')[0] ?? ''))?.[1];
  if (group === undefined)
    return site.run.spawn([known('gcloud'), known('*'), known('delete'), ...names(site)], {});
  if (group === 'bigquery')
    return site.run.spawn(
      [
        known('bq'),
        known('rm'),
        known('-r'),
        known('-f'),
        known(/table/i.test(site.path) ? '-t' : '-d'),
        ...names(site),
      ],
      {},
    );
  if (group === 'projects')
    return site.run.spawn([known('gcloud'), known('projects'), known('delete'), ...names(site)], {});
  const of = kebab(operation.replace(/^delete_?|^destroy_?/, ''));
  const owner =
    /(?:\.|^)(?:get_|list_)?(\w+?)(?:Client|_client)?\(\)(?:\[\])?\.\w+$/.exec(site.path)?.[1] ?? '';
  const noun = plural(of === '' ? kebab(owner.replace(/Client$/, '')) : of);
  if (group === 'storage' && /^(?:blobs?|files?|objects?)$/.test(noun))
    return site.run.spawn([known('gcloud'), known('storage'), known('rm'), known('-r'), ...uris(site)], {});
  if (group === 'storage')
    return site.run.spawn(
      [known('gcloud'), known('storage'), known('buckets'), known('delete'), ...uris(site)],
      {},
    );
  const words = group === 'secrets' && noun === 'secrets' ? [group] : [group, noun];
  return site.run.spawn([known('gcloud'), ...words.map(known), known('delete'), ...names(site)], {});
};

/** What a deletion names: its own arguments, or those of the call that gave the thing. */
function names(site: CallSite): Word[] {
  const own = [...site.args.filter(isWord), ...[...site.named.values()].filter(isWord)];
  const request = option(site, 'name') ?? option(site, 'request');
  if (own.length > 0) return own.map(toWord);
  if (request !== undefined && isWord(request)) return [toWord(request)];
  return (callsBefore(site.receiver)[0]?.args ?? []).slice(0, 1).map(toWord);
}

const uris = (site: CallSite): Word[] =>
  names(site).map((word) => (word.kind === 'known' ? known(`gs://${word.text}`) : word));

/** Discovery clients of Google: `service.instances().delete(project=…, instance='x')`. */
const googleDiscovery: Effect = (site) => {
  const match = /(?:^|\.)build\(\)((?:\.\w+\(\))+)\.delete$/.exec(site.path);
  const service = origin(site, /(?:^|\.)build\(\)$/);
  if (!match || service === undefined) return undefined;
  const collections = (match[1] ?? '')
    .split('.')
    .filter(Boolean)
    .map((part) => kebab(part.replace('()', '')));
  const group = (textOf(service.args?.[0]) ?? '*').replace(/admin$/, '').replace('cloudresourcemanager', '');
  const kept = collections.filter(
    (part) => !/^(?:projects|locations|zones|regions)$/.test(part) || group === '',
  );
  const target = [...site.named]
    .filter(([key]) => !/^(?:project|zone|region|body)$/i.test(key))
    .map(([, value]) => toWord(value));
  return site.run.spawn(
    [
      known('gcloud'),
      ...(group === '' ? [] : [known(group)]),
      ...kept.map(known),
      known('delete'),
      ...target,
    ],
    {},
  );
};

/** `delete_namespace('x')`, `delete_namespaced_deployment('x', 'ns')`, `deleteCollectionNamespacedPod(…)` of Kubernetes clients. */
const kubernetes: Effect = (site) => {
  const match = /^delete-(collection-)?(namespaced-)?([a-z][a-z-]*)$/.exec(kebab(last(site.path)));
  const loaded = [...site.run.modules].some((module) =>
    /kubernetes|^@kubernetes\/|lightkube|pykube/.test(module),
  );
  if (!match || !(loaded || /^(?:kubernetes|@kubernetes)/.test(site.path))) return undefined;
  const kind = (match[3] ?? '').replace(/-/g, '').replace(/^customobject$/, 'customresource');
  const [object, space] = match[1]
    ? [undefined, site.args[0]]
    : [site.args[0], match[2] ? site.args[1] : undefined];
  const name = site.named.get('name') ?? (object?.kind === 'dict' ? object.entries.get('name') : object);
  const namespace = site.named.get('namespace') ?? option(site, 'namespace') ?? space;
  return site.run.spawn(
    [
      known('kubectl'),
      known('delete'),
      known(kind),
      ...(match[1] ? [known('--all')] : name === undefined ? [] : [toWord(name)]),
      ...(namespace !== undefined && isWord(namespace) ? [known('-n'), namespace] : []),
    ],
    {},
  );
};

/** Azure: the group of operations, and the group of az. */
const azureGroups: Readonly<Record<string, string>> = {
  'resource-groups': 'group',
  'virtual-machines': 'vm',
  'storage-accounts': 'storage account',
  'managed-clusters': 'aks',
  databases: 'sql db',
  servers: 'sql server',
  vaults: 'keyvault',
  disks: 'disk',
  snapshots: 'snapshot',
  'virtual-networks': 'network vnet',
  'database-accounts': 'cosmosdb',
  'web-apps': 'webapp',
  zones: 'network dns zone',
  registries: 'acr',
  namespaces: 'servicebus namespace',
  redis: 'redis',
};

const azure: Effect = (site) => {
  const match = /(?:^|\.)(\w+)\.(begin_delete|beginDelete|beginDeleteAndWait|delete)$/.exec(site.path);
  const loaded = [...site.run.modules].some((module) => /^(?:azure\.|@azure\/)/.test(module));
  if (!match || !(loaded || match[2] !== 'delete')) return undefined;
  if (match[2] === 'delete' && !/azure/.test(site.path)) return undefined;
  const group = azureGroups[kebab(match[1] ?? '')] ?? 'resource';
  const words = site.args.filter(isWord);
  const name = words.at(-1);
  const scope = words.length > 1 ? [known('--resource-group'), words[0] as Word] : [];
  return site.run.spawn(
    [
      known('az'),
      ...group.split(' ').map(known),
      known('delete'),
      ...(name ? [known('--name'), name] : []),
      ...scope,
      known('--yes'),
    ],
    {},
  );
};

/** Containers and key vaults have methods of their own names. */
export const cloudRows: readonly Row[] = [
  [
    '*.delete_container *.deleteContainer',
    (site) =>
      site.run.modules.size > 0 && /azure/i.test([...site.run.modules].join(' '))
        ? command('az storage container delete --name $0')(site)
        : undefined,
  ],
  ['*.begin_delete_secret *.beginDeleteSecret', command('az keyvault secret delete --name $0')],
  ['*.begin_delete_key *.beginDeleteKey', command('az keyvault key delete --name $0')],
  [
    '*',
    (site) =>
      [boto, botoResource, awsSdk, google, googleDiscovery, kubernetes, azure].reduce<Value | undefined>(
        (done, effect) => done ?? effect(site),
        undefined,
      ),
  ],
];
