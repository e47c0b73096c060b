import type { Tag } from '../boundary.ts';

/**
 * What an agent must never do on Google Cloud, in the names that deny policies take.
 * https://cloud.google.com/iam/docs/deny-permissions-support
 */
const permissions: Readonly<Record<string, readonly string[]>> = {
  'cloudresourcemanager.googleapis.com': ['projects.delete', 'folders.delete', 'projects.setIamPolicy'],
  'cloudsql.googleapis.com': ['instances.delete', 'databases.delete', 'backupRuns.delete'],
  'storage.googleapis.com': ['buckets.delete', 'objects.delete'],
  'compute.googleapis.com': [
    'instances.delete',
    'disks.delete',
    'snapshots.delete',
    'images.delete',
    'networks.delete',
    'subnetworks.delete',
    'addresses.delete',
    'instanceGroupManagers.delete',
  ],
  'container.googleapis.com': ['clusters.delete'],
  'spanner.googleapis.com': ['instances.delete', 'databases.drop', 'backups.delete'],
  'bigtable.googleapis.com': ['instances.delete', 'clusters.delete', 'tables.delete', 'backups.delete'],
  'bigquery.googleapis.com': ['datasets.delete', 'tables.delete'],
  'redis.googleapis.com': ['instances.delete'],
  'file.googleapis.com': ['instances.delete', 'backups.delete'],
  'pubsub.googleapis.com': ['topics.delete', 'subscriptions.delete'],
  'dns.googleapis.com': ['managedZones.delete'],
  'run.googleapis.com': ['services.delete'],
  'cloudfunctions.googleapis.com': ['functions.delete'],
  'secretmanager.googleapis.com': ['secrets.delete', 'versions.destroy'],
  'cloudkms.googleapis.com': ['cryptoKeyVersions.destroy'],
  'artifactregistry.googleapis.com': ['repositories.delete'],
  'logging.googleapis.com': ['buckets.delete', 'sinks.delete', 'logs.delete'],
  'iam.googleapis.com': [
    'serviceAccounts.delete',
    'serviceAccounts.setIamPolicy',
    'serviceAccountKeys.create',
    'roles.update',
    'roles.delete',
    'denypolicies.create',
    'denypolicies.update',
    'denypolicies.delete',
  ],
  'serviceusage.googleapis.com': ['services.disable'],
};

/** A deny policy of Google Cloud for a service account, as `gcloud iam policies create --policy-file` takes it. */
export function gcpDenyPolicy(serviceAccount: string, tag: Tag | undefined): string {
  const denied = Object.entries(permissions).flatMap(([service, names]) =>
    names.map((name) => `${service}/${name}`),
  );
  const condition = tag && {
    denialCondition: {
      title: `${tag.key} is ${tag.value}`,
      expression: `resource.matchTag('${tag.key}', '${tag.value}')`,
    },
  };
  const policy = {
    displayName: 'What an agent must never do',
    rules: [
      {
        description: 'Made by blastguard iam boundary --format gcp',
        denyRule: {
          deniedPrincipals: [`principal://iam.googleapis.com/projects/-/serviceAccounts/${serviceAccount}`],
          deniedPermissions: denied,
          ...condition,
        },
      },
    ],
  };
  return `${JSON.stringify(policy, null, 2)}\n`;
}
