import type { Decision, Identity } from '../host/aws-identity.ts';
import { readDocument } from '../iam/document.ts';
import { type Verification, type VerifyOptions, verifyBoundary } from '../iam/verify.ts';
import { awsIdentity } from '../lazy.ts';
import { iamCatalogue } from './iam-catalogue.ts';
import type { Terminal } from './terminal.ts';

export type LiveReport = {
  readonly identity: string;
  /** The ARN of the boundary; undefined when there is none. */
  readonly boundary: string | undefined;
  /** What the documents say; undefined without a boundary. */
  readonly documents: Verification | undefined;
  /** Destructive actions that AWS itself would allow now. */
  readonly allowed: readonly string[];
  /** How many actions AWS was asked about; 0 when it would not answer. */
  readonly simulated: number;
  readonly holds: boolean;
  /** Why AWS was not asked. */
  readonly note?: string;
};

/**
 * What holds for the identity whose credentials are in use, or for the `principal` with an ARN: its boundary and policies as `verify` reads them, and what
 * AWS answers when asked for every destructive action. Throws an Error that says what could not be read.
 */
export async function verifyIdentity(
  options: VerifyOptions,
  terminal: Terminal,
  principal?: string,
): Promise<LiveReport> {
  const { readIdentity, simulate } = awsIdentity();
  const identity = await readIdentity(principal).catch((error: unknown) => {
    throw new Error(`AWS did not show the identity and its boundary: ${reasonOf(error)}`);
  });
  const catalogue = iamCatalogue();
  const { boundary } = identity;
  const documents =
    boundary && verifyBoundary(catalogue, documentsOf(identity), { ...options, name: nameOf(boundary.name) });
  const wanted = (documents ?? verifyBoundary(catalogue, [], options)).actions.map(({ action }) => action);
  const progress = (done: number) => {
    if (terminal.interactive)
      terminal.err(`\rasking AWS: ${done} of ${wanted.length}${done === wanted.length ? '\n' : ''}`);
  };
  const asked = await simulate(identity.arn, wanted, progress).catch((error: unknown) => reasonOf(error));
  const decisions: readonly Decision[] = typeof asked === 'string' ? [] : asked;
  const allowed = decisions.filter(({ decision }) => decision === 'allowed').map(({ action }) => action);
  const misplaced = documents?.protects !== undefined && documents.protects !== nameOf(boundary?.name ?? '');
  return {
    identity: identity.arn,
    boundary: boundary?.name,
    documents,
    allowed,
    simulated: decisions.length,
    holds: documents?.holds === true && allowed.length === 0 && !misplaced,
    ...noteOf(asked, misplaced ? documents?.protects : undefined),
  };
}

function noteOf(asked: unknown, protects: string | undefined): { readonly note?: string } {
  const notes = [
    ...(protects === undefined
      ? []
      : [`the boundary protects the policy \`${protects}\`, which is not the attached one`]),
    ...(typeof asked === 'string' ? [`AWS was not asked about single actions: ${asked}`] : []),
  ];
  return notes.length === 0 ? {} : { note: notes.join('; ') };
}

const documentsOf = ({ boundary, policies }: Identity) =>
  [...(boundary ? [boundary] : []), ...policies].map(({ name, text }) => readDocument(name, text));

/** `arn:aws:iam::111122223333:policy/team/guard` as `team/guard`. */
const nameOf = (arn: string): string => arn.slice(arn.indexOf(':policy/') + ':policy/'.length);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n');
  return error.name === 'Error' || message.includes(error.name) ? message : `${error.name}: ${message}`;
}
