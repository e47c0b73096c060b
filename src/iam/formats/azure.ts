/**
 * What an agent's role leaves out on Azure: every deletion, who may do what, locks, and what runs as somebody else.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 */
const notActions = [
  '*/delete',
  '*/delete/action',
  'Microsoft.Authorization/*/write',
  'Microsoft.Authorization/elevateAccess/action',
  'Microsoft.Blueprint/blueprintAssignments/write',
  'Microsoft.Compute/galleries/share/action',
  'Microsoft.Compute/virtualMachines/deallocate/action',
  'Microsoft.Compute/virtualMachines/powerOff/action',
  'Microsoft.KeyVault/locations/deletedVaults/purge/action',
  'Microsoft.KeyVault/locations/deletedManagedHSMs/purge/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  'Microsoft.RecoveryServices/vaults/backupconfig/write',
  'Microsoft.Insights/diagnosticSettings/write',
];

const notDataActions = [
  'Microsoft.KeyVault/vaults/keys/purge/action',
  'Microsoft.KeyVault/vaults/secrets/purge/action',
  'Microsoft.KeyVault/vaults/certificates/purge/action',
  '*/delete',
];

/** A custom role of Azure, as `az role definition create --role-definition` takes it. */
export const azureRole = (name: string, scopes: readonly string[]): string =>
  `${JSON.stringify(
    {
      Name: name,
      IsCustom: true,
      Description:
        'All that an agent may do; what it must never do is left out. Made by blastguard iam boundary.',
      Actions: ['*'],
      NotActions: notActions,
      DataActions: [],
      NotDataActions: notDataActions,
      AssignableScopes: scopes,
    },
    null,
    2,
  )}\n`;
