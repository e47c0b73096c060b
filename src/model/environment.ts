/** What a mistake costs where a command lands. What is not recognised counts as production. */
export type EnvironmentClass = 'sandbox' | 'staging' | 'production';

/** Of which a pack says, tool by tool, which options and variables name it. */
export const toolDimensions = [
  'aws-profile',
  'aws-region',
  'aws-account',
  'gcloud-project',
  'gcloud-configuration',
  'az-subscription',
  'kube-context',
  'kube-namespace',
  'terraform-workspace',
  'terraform-directory',
  'terraform-var-file',
  'docker-context',
  'heroku-app',
  'fly-app',
  'host',
  'database',
] as const;

/** What an environment can be recognised by. The last ones need no word of the command. */
export const dimensions = [...toolDimensions, 'git-branch', 'git-remote', 'path'] as const;

export type ToolDimension = (typeof toolDimensions)[number];
export type Dimension = (typeof dimensions)[number] | 'variable';

/** One thing that must hold; `name` is the name of a variable. */
export type Mark = {
  readonly dimension: Dimension;
  readonly name?: string;
  readonly globs: readonly string[];
};

export type Environment = {
  readonly name: string;
  readonly class: EnvironmentClass;
  /** False for production that a rollout may open before the rest. */
  readonly critical?: boolean;
  /** Any of these; of each, all the marks must hold. */
  readonly when: readonly (readonly Mark[])[];
};

/** Where a command lands, and what says so. `name` is undefined where nothing was recognised. */
export type Landing = {
  readonly class: EnvironmentClass;
  readonly name?: string;
  /** False in production that is not critical. */
  readonly critical?: boolean;
  /** False where a production environment is recognised only perhaps. */
  readonly certain: boolean;
  readonly why: string;
};
