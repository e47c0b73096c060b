import type { BoundaryOptions } from './boundary.ts';
import { type Action, type Catalogue, serviceOf } from './catalogue.ts';
import type { StatementJson } from './document.ts';

/** How a boundary is narrowed to some resources. */
type Scope = {
  readonly narrows: boolean;
  /** Whether AWS can tell the resources of the action apart, so that the denial may be narrowed. */
  tells(action: Action): boolean;
  /** The rest of the statement that denies the actions. */
  narrow(actions: readonly Action[]): Pick<StatementJson, 'Resource' | 'Condition'>;
  /** What keeps the holder from taking things out of the scope. */
  readonly guard: readonly StatementJson[];
};

/**
 * Services that compare tags only where that was switched on, for a bucket or an account: a condition would not hold
 * elsewhere. https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/attribute-based-access-control.html
 */
const tagsOnDemand = new Set(['s3', 's3tables', 's3express', 'dynamodb']);

export const tellsByTag = (action: Action): boolean =>
  action.tagged && !tagsOnDemand.has(serviceOf(action.id));

/** ARNs of a service's resources whose name begins so. */
export function arnsNamed(
  catalogue: Catalogue,
  service: string,
  partition: string,
  prefix: string,
): readonly string[] {
  const shapes = [...(catalogue.services.get(service)?.shapes ?? '')];
  return shapes.map((shape) =>
    shape === '.'
      ? `arn:${partition}:${service}:*:*:${prefix}*`
      : `arn:${partition}:${service}:*:*:*${shape}${prefix}*`,
  );
}

export function scopeOf(catalogue: Catalogue, { tag, prefix, naming }: BoundaryOptions): Scope {
  if (tag === undefined && prefix === undefined)
    return { narrows: false, tells: () => false, narrow: () => ({ Resource: '*' }), guard: [] };
  const tells = (action: Action) =>
    (tag === undefined || tellsByTag(action)) && (prefix === undefined || action.named);
  const condition = tag && { StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } };
  return {
    narrows: true,
    tells,
    narrow(actions) {
      const services = [...new Set(actions.map(({ id }) => serviceOf(id)))];
      const arns = services.flatMap((service) =>
        arnsNamed(catalogue, service, naming.partition, prefix ?? ''),
      );
      return { Resource: prefix === undefined ? '*' : arns, ...(condition && { Condition: condition }) };
    },
    guard:
      tag === undefined
        ? []
        : [
            {
              Sid: 'Tags',
              Effect: 'Deny',
              Action: '*',
              Resource: '*',
              Condition: { ...condition, 'ForAnyValue:StringEquals': { 'aws:TagKeys': tag.key } },
            },
          ],
  };
}
