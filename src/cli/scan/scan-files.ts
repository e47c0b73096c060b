import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { examine } from '../../engine/decide.ts';
import { loadConfig } from '../../host/config.ts';
import { configPlaces } from '../../host/config-files.ts';
import type { Environment } from '../../host/places.ts';
import { openBuiltInPolicy } from '../../host/policy-file.ts';
import { pathWithin } from '../../host/repository-files.ts';
import { judgeBy } from '../../judge.ts';
import { compiler, scanner } from '../../lazy.ts';
import type { Reading } from '../../model/command.ts';
import type { Finding } from '../../model/decision.ts';
import { quoted } from '../../model/shell-quote.ts';
import type { ScanFault, ScanFinding, ScanReport } from '../../report/scan.ts';
import type { Step } from '../../scan/step.ts';
import { faultText } from '../fault.ts';
import { scanFacts } from './facts.ts';

/** Larger files are no scripts that people write. */
const largest = 1 << 20;
/** One text that takes longer is one that cannot be judged, in ms. */
const longest = 5000;

type Options = {
  /** The repository. */
  readonly root: string;
  readonly files: readonly string[];
  /** Also what a rule matches only perhaps. */
  readonly uncertain: boolean;
  readonly env: Environment;
  /** Told of every file before it is read. */
  readonly progress: (done: number) => void;
};

/** Reads the files for what they give to a shell, and judges it as the hook would. */
export function scanFiles({ root, files, uncertain, env, progress }: Options): ScanReport {
  const { readerFor, ignoresIn, ignoreFor, lineOf } = scanner();
  const judge = judgeFor(root, env, new Set(files));
  const findings: ScanFinding[] = [];
  const ignored: (ScanFinding & { because: string })[] = [];
  const faults: ScanFault[] = [];
  const unused: ScanFault[] = [];
  let read = 0;
  let steps = 0;
  for (const [i, path] of files.entries()) {
    progress(i);
    const file = pathWithin(root, path);
    const source = sourceOf(path);
    const reader = readerFor(file, () => (source.text ?? '').slice(0, 256));
    if (reader === undefined) continue;
    if (source.text === undefined) {
      faults.push({ file, line: 1, message: source.fault });
      continue;
    }
    read++;
    const comments = ignoresIn(source.text);
    faults.push(...comments.faults.map((fault) => ({ file, ...fault })));
    const used = new Set<number>();
    const seen = new Set<string>();
    let found: readonly Step[];
    try {
      found = reader(source.text);
    } catch (error) {
      faults.push({ file, ...faultOf(error) });
      continue;
    }
    for (const step of found) {
      steps++;
      const { findings: judged, readings } = judge(step, dirname(path));
      for (const one of judged) {
        if (one.verdict === 'ask' && !uncertain) continue;
        const { rule, title, severity, verdict, certainty, subject, via, reason, instead } = one;
        const line = lineOf(step, subject, readings);
        // The strictest rule comes first, and is the one to excuse.
        if (seen.has(`${line}\n${subject}`)) continue;
        seen.add(`${line}\n${subject}`);
        const finding = {
          file,
          line,
          rule,
          title,
          severity,
          verdict,
          certainty,
          subject,
          via,
          reason,
          instead,
        };
        const ignore = ignoreFor(comments.ignores, rule, line);
        if (ignore === undefined) findings.push(finding);
        else {
          used.add(ignore.line);
          ignored.push({ ...finding, because: ignore.reason });
        }
      }
    }
    for (const { line, rules } of comments.ignores)
      if (!used.has(line))
        unused.push({
          file,
          line,
          message: `nothing here is stopped by ${rules.join(', ')}: the comment can go`,
        });
  }
  return { findings, ignored, faults, unused, files: read, steps };
}

function sourceOf(
  path: string,
): { readonly text: string } | { readonly text?: undefined; readonly fault: string } {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > largest)
      return { fault: `it is larger than ${largest} bytes; name it after --exclude` };
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { fault: `it cannot be read: ${faultText(error)}` };
  }
}

/** Readers say where as `LINE:COLUMN: what`. */
function faultOf(error: unknown): { line: number; message: string } {
  const text = faultText(error);
  const [, line = '1', message = text] = /^(\d+):\d+: (.*)$/s.exec(text) ?? [];
  return { line: Number(line), message: `${message}; mend it, or name it after --exclude` };
}

type Judged = { readonly findings: readonly Finding[]; readonly readings: readonly Reading[] };

/** Judges one text. What other files say is read, but for those that are scanned themselves. */
function judgeFor(
  root: string,
  env: Environment,
  scanned: ReadonlySet<string>,
): (step: Step, directory: string) => Judged {
  const policy = openBuiltInPolicy();
  const places = configPlaces(env, root);
  const loaded = loadConfig(
    places,
    env,
    () => policy,
    () => compiler().compileConfig,
  );
  const read = (path: string, limit: number) => {
    if (scanned.has(path) || !path.startsWith(`${root}/`)) return undefined;
    const { text } = sourceOf(path);
    return text === undefined || text.length > limit ? undefined : text;
  };
  return (step, directory) => {
    const cwd = step.runs === 'beside' ? directory : root;
    const facts = scanFacts(root, cwd, step.variables ?? {}, read);
    const started = performance.now();
    const checkTime = () => {
      if (performance.now() - started > longest) throw new Error('1:1: it takes too long to judge');
    };
    const contained = `docker run --rm image sh -c ${quoted(step.text)}`;
    const command = step.runs === 'in-container' ? contained : step.text;
    const call = {
      event: 'PreToolUse',
      tool: step.language === 'powershell' ? 'PowerShell' : 'Bash',
      input: { command },
      cwd,
      permissionMode: 'auto',
      sessionId: 'scan',
    };
    const { decision, texts } = examine(call, judgeBy(policy, loaded, facts, checkTime));
    // What guards the guard is about agents: a repository's scripts are run by people and by CI. An image's files are
    // none of the machine's.
    const none = step.runs === 'in-container' ? /^(?:blastguard|filesystem)\// : /^blastguard\//;
    return {
      findings: decision.findings.filter(({ rule }) => !none.test(rule)),
      readings: texts.map(({ reading }) => reading),
    };
  };
}
