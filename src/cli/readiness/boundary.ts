import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeDir } from '../../host/places.ts';
import { readDocument } from '../../iam/document.ts';
import { namingOf } from '../../iam/escapes.ts';
import { verifyBoundary } from '../../iam/verify.ts';
import { faultText } from '../fault.ts';
import { iamCatalogue } from '../iam-catalogue.ts';
import { verifyIdentity } from '../iam-live.ts';
import { projectFiles } from './files.ts';
import { type Checker, type Finding, idle, missing, type Place, stands } from './layer.ts';

const options = { breadth: 'critical', services: [] } as const;

/** Layer 2. With `live` AWS is asked; without, only what lies in the project is read. */
export const boundary: Checker = {
  name: 'boundary',
  title: 'AWS permission boundary',
  check: (place) => (place.live ? askAws(place) : lookAround(place)),
};

async function askAws({ terminal }: Place): Promise<readonly Finding[]> {
  const verify = 'blastguard iam verify --live';
  try {
    const { identity, boundary: arn, holds, allowed, documents } = await verifyIdentity(options, terminal);
    if (arn === undefined)
      return [missing(`${identity} bears no boundary`, 'blastguard iam boundary --format cli')];
    if (holds) return [stands(`${identity} bears ${arn}, which holds`)];
    const open = documents?.actions.filter(({ verdict }) => verdict !== 'denied').length ?? 0;
    return [
      missing(
        `${arn} leaves ${Math.max(open, allowed.length)} destructive actions and ${documents?.escapes.length ?? 0} ways out`,
        verify,
      ),
    ];
  } catch (error) {
    return [missing(faultText(error), 'aws sts get-caller-identity')];
  }
}

function lookAround({ project, terminal }: Place): readonly Finding[] {
  const found = projectFiles(project, ['.json']).flatMap(({ path, text }) => judged(path, text));
  if (found.length > 0) return found;
  const home = homeDir(terminal.env);
  const configured =
    Object.keys(terminal.env).some((name) => /^AWS_(?:PROFILE|ACCESS_KEY_ID|ROLE_ARN)$/.test(name)) ||
    (home !== undefined && ['config', 'credentials'].some((name) => existsSync(join(home, '.aws', name))));
  const declared = projectFiles(project, ['.tf', '.tofu', '.yaml', '.yml', '.json', '.ts']).find(({ text }) =>
    /\bpermissions_?boundary\b/i.test(text),
  );
  if (declared !== undefined)
    return [
      missing(
        `${declared.path} names a boundary; only AWS can say whether it is in force`,
        'blastguard readiness --live',
      ),
    ];
  if (!configured) return [idle('no AWS credentials here')];
  return [
    missing(
      'AWS credentials are here, and no boundary is known',
      'blastguard iam boundary --format terraform',
    ),
  ];
}

/** What is to be said of a file, if it is a policy that protects itself as boundaries do. */
function judged(path: string, text: string): readonly Finding[] {
  if (!text.includes('"Statement"') || !text.includes('iam:CreatePolicyVersion')) return [];
  try {
    const document = readDocument(path, text);
    if (namingOf([document]) === undefined) return [];
    const { holds, actions } = verifyBoundary(iamCatalogue(), [document], options);
    if (holds) return [stands(`${path} holds; whether it is attached AWS says (readiness --live)`)];
    const open = actions.filter(({ verdict }) => verdict !== 'denied').length;
    return [missing(`${path} leaves ${open} destructive actions`, `blastguard iam verify ${path}`)];
  } catch {
    return [];
  }
}
