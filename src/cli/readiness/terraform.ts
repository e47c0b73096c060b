import { projectFiles, type TextFile } from './files.ts';
import { type Checker, type Finding, idle, missing, stands } from './layer.ts';

/** What a reader of Terraform configuration says of it. */
export type TerraformReport = {
  /** Resources that hold data. */
  readonly stateful: number;
  /** Those of them that nothing keeps from being destroyed, as `file: name`. */
  readonly unprotected: readonly string[];
};

type ReadTerraform = (files: readonly TextFile[]) => TerraformReport;

/** Layer 1. What reads the files is this one callable. */
const readTerraform: ReadTerraform = countLifecycles;

export const terraform: Checker = {
  name: 'terraform',
  title: 'Terraform delete protection',
  check: ({ project }) => findingsOf(projectFiles(project, ['.tf', '.tofu'])),
};

function findingsOf(files: readonly TextFile[]): readonly Finding[] {
  if (files.length === 0) return [idle('no Terraform files in this project')];
  const { stateful, unprotected } = readTerraform(files);
  if (stateful === 0) return [idle(`${files.length} Terraform files, and no resource that holds data`)];
  if (unprotected.length === 0)
    return [stands(`all ${stateful} resources that hold data have prevent_destroy`)];
  const [first] = unprotected;
  return [
    missing(
      `${unprotected.length} of ${stateful} resources that hold data have no prevent_destroy, the first ${first}`,
      'add `lifecycle { prevent_destroy = true }`',
    ),
  ];
}

const holdsData =
  /^(?:aws_(?:db_instance|rds_cluster|dynamodb_table|s3_bucket|efs_file_system|ebs_volume|kms_key|redshift_cluster|elasticache_replication_group|opensearch_domain)|google_(?:sql_database_instance|storage_bucket|bigquery_dataset|spanner_instance)|azurerm_(?:storage_account|mssql_database|postgresql_flexible_server|key_vault))$/;

/** Reads no HCL: a block ends where its line begins with a brace, as `terraform fmt` writes it. */
function countLifecycles(files: readonly TextFile[]): TerraformReport {
  const resources = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^resource\s+"([^"]+)"\s+"([^"]+)"\s*\{([\s\S]*?)^\}/gm)]
      .filter(([, type = '']) => holdsData.test(type))
      .map(([, type, name, body = '']) => ({
        name: `${path}: ${type}.${name}`,
        kept: /^\s*prevent_destroy\s*=\s*true\s*$/m.test(body),
      })),
  );
  return {
    stateful: resources.length,
    unprotected: resources.filter(({ kept }) => !kept).map(({ name }) => name),
  };
}
