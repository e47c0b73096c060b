import type { Span } from '../model/command.ts';
import {
  givenAt,
  type MergedResource,
  type Module,
  mergeModule,
  readSource,
  type Source,
} from './configuration.ts';
import { ignoresOf } from './ignore.ts';
import { type Position, positions } from './lines.ts';
import { preventDestroy, settingOf } from './protection.ts';
import { looseProtections } from './stateful/names.ts';
import { statefulType } from './stateful/types.ts';

/** What is wrong with a resource. `check` is `prevent_destroy`, the path of a setting, or `ignore`. */
export type AuditFinding = {
  readonly check: string;
  readonly severity: AuditSeverity;
  readonly problem: 'missing' | 'off' | 'not-constant' | 'bad-ignore';
  readonly address: string;
  readonly type: string;
  readonly holds: string;
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly message: string;
  readonly remedy: string;
  /** The provider's page, or that of Terraform. */
  readonly source: string;
};

export const auditSeverities = ['high', 'medium', 'low'] as const;
export type AuditSeverity = (typeof auditSeverities)[number];

/** A finding that a comment excuses, with the reason that it gives. */
export type IgnoredFinding = AuditFinding & { readonly reason: string };

export type FileFault = {
  readonly file: string;
  readonly message: string;
} & Position;

export type Audit = {
  readonly findings: readonly AuditFinding[];
  readonly ignored: readonly IgnoredFinding[];
  readonly faults: readonly FileFault[];
  readonly files: number;
  readonly resources: number;
  readonly stateful: number;
};

export type AuditOptions = {
  /** Globs of further resource types that hold data. */
  readonly types?: readonly string[];
};

const lifecyclePage = 'https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle';

/** Audits the files of one directory. */
export function auditModule(sources: readonly Source[], options: AuditOptions = {}): Audit {
  const files = sources.map(readSource);
  const module = mergeModule(files);
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const placed = new Map<string, (offset: number) => Position>();
  const place = (file: string) => {
    const found = placed.get(file) ?? positions(texts.get(file) ?? '');
    placed.set(file, found);
    return found;
  };
  const results = [
    ...module.resources.map((resource) => auditResource(resource, options)),
    ...module.calls.map(auditCall),
  ];
  const findings: AuditFinding[] = [];
  const ignored: IgnoredFinding[] = [];
  for (const { resource, drafts } of results) {
    if (drafts === undefined) continue;
    const ignores = ignoresOf(resource.comments);
    for (const { span, ...draft } of [
      ...drafts,
      ...ignores.faults.map((fault) => ({ ...about(resource), ...fault })),
    ]) {
      const locate = place(draft.file);
      const finding = { ...draft, start: locate(span.start), end: locate(span.end) };
      const reason = draft.check === 'ignore' ? undefined : ignores.reasonFor(draft.check);
      if (reason === undefined) findings.push(finding);
      else ignored.push({ ...finding, reason });
    }
  }
  return {
    findings: findings.sort(byPlace),
    ignored,
    faults: files.flatMap(({ file, faults }) =>
      faults.map(({ message, at }) => ({ file, message, ...place(file)(at) })),
    ),
    files: files.length,
    resources: module.resources.length,
    stateful: countStateful(module, options),
  };
}

const byPlace = (a: AuditFinding, b: AuditFinding): number =>
  (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start.line - b.start.line;

const countStateful = ({ resources }: Module, { types = [] }: AuditOptions): number =>
  resources.filter(({ type }) => statefulType(type, types) !== undefined).length;

type Draft = Omit<AuditFinding, 'start' | 'end'> & { readonly span: Span };
type Audited = { readonly resource: MergedResource; readonly drafts?: readonly Draft[] };

const about = ({ address, type, file }: MergedResource) => ({
  address,
  type,
  file,
  holds: '',
  source: lifecyclePage,
});

function auditResource(resource: MergedResource, { types = [] }: AuditOptions): Audited {
  const known = statefulType(resource.type, types);
  if (known === undefined) return { resource };
  const drafts: Draft[] = [];
  const base = { ...about(resource), holds: known.holds };
  const header = headerOf(resource);
  const own = preventDestroy(resource);
  if (own.state !== 'safe') {
    drafts.push({
      ...base,
      check: 'prevent_destroy',
      severity: 'high',
      ...lifecycleProblem(own.state),
      ...(own.at ?? { file: resource.file, span: header }),
    });
  }
  for (const setting of known.settings) {
    const standing = settingOf(resource, setting);
    if (standing.state === 'safe' || standing.state === 'unknown') continue;
    const check = setting.path.join('.');
    drafts.push({
      ...base,
      source: known.source,
      check,
      severity: setting.weight,
      problem: standing.state,
      message: `${standing.state === 'off' ? `\`${check}\` is ${JSON.stringify(standing.value)}` : `\`${check}\` is not set`}: ${setting.risk}`,
      remedy:
        setting.mend === undefined
          ? `set \`${check}\``
          : `set \`${check} = ${JSON.stringify(setting.mend)}\``,
      ...(standing.at ?? { file: resource.file, span: header }),
    });
  }
  return { resource, drafts };
}

function lifecycleProblem(state: 'off' | 'missing' | 'unknown') {
  const remedy = 'set `prevent_destroy = true` in its `lifecycle` block';
  if (state === 'off')
    return {
      problem: 'off',
      message: '`prevent_destroy` is false: Terraform destroys it when a plan says so',
      remedy,
    } as const;
  if (state === 'missing')
    return {
      problem: 'missing',
      message: 'no `prevent_destroy`: Terraform destroys it when a plan says so',
      remedy,
    } as const;
  return {
    problem: 'not-constant',
    message:
      '`prevent_destroy` is not a constant: Terraform reads it before any variable and refuses the whole configuration',
    remedy: 'write `true`; where environments differ, keep the resource in a module for each',
  } as const;
}

/** Arguments of a module call that switch a protection of its resources off. */
function auditCall(resource: MergedResource): Audited {
  const drafts = looseProtections.flatMap(({ name, isOff, risk }): Draft[] => {
    const [given] = givenAt(resource, [name]);
    if (given?.value === undefined || !isOff(given.value)) return [];
    return [
      {
        ...about(resource),
        source: 'https://developer.hashicorp.com/terraform/language/modules/configuration',
        check: name,
        severity: 'high',
        problem: 'off',
        message: `the module is called with \`${name} = ${String(given.value)}\`: ${risk}`,
        remedy: `leave it out, or set \`${name}\` so that it protects`,
        file: given.file,
        span: given.expression.span,
      },
    ];
  });
  return { resource, drafts };
}

/** `resource "type" "name"`, without what follows. In JSON there is no header, and the opening brace stands for it. */
function headerOf({ block, path }: MergedResource): Span {
  if (path !== undefined) return { start: block.span.start, end: block.span.start + 1 };
  return { start: block.span.start, end: Math.max(block.body.span.start - 1, block.span.start + 1) };
}
