import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { type Arguments, UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { progress } from '../progress.ts';
import { chosenProject, projectOption } from '../scope.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export const scan: CliCommand = {
  name: 'scan',
  summary: "Find commands in a repository's scripts, task files and CI that the policy would stop.",
  usage: '[PATH…] [--json | --sarif] [--uncertain] [--exclude GLOB,…] [--max N]',
  operands: true,
  options: {
    json: { help: 'answer in JSON' },
    sarif: { help: 'answer in SARIF 2.1.0, for code scanning' },
    uncertain: { help: 'also what a rule matches only perhaps, because of words that are not known' },
    exclude: { value: 'GLOB,…', help: 'leave these files out, by their path within the project' },
    max: { value: 'N', help: 'exit with 0 up to so many findings (default: 0)' },
    project: projectOption,
  },
  examples: [
    ['blastguard scan', 'the whole repository; exits 1 when something would be stopped'],
    ['blastguard scan .github deploy.sh', 'some of it'],
    ["blastguard scan --exclude 'test/**' --sarif > scan.sarif", 'for code scanning'],
  ],
  exits: [
    [0, 'no more findings than --max, and every file could be read'],
    [1, 'more, or a file that cannot be read'],
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  args.exclusive('json', 'sarif');
  const most = args.number('max') ?? 0;
  const root = chosenProject(args, terminal);
  const { pathWithin, repositoryFiles } = await import('../../host/repository-files.ts');
  const { fitsPath } = await import('../../policy/glob.ts');
  const { scanFiles } = await import('../scan/scan-files.ts');
  const paths =
    args.operands.length === 0 ? [root] : args.operands.map((path) => resolve(terminal.cwd, path));
  const missing = paths.findIndex((path) => !existsSync(path));
  if (missing >= 0) throw new UsageError(`no such file or directory: \`${args.operands[missing]}\``);
  const globs = (args.text('exclude') ?? '').split(',').filter(Boolean);
  const files = repositoryFiles(paths).filter(
    (path) => existsSync(path) && !globs.some((glob) => fitsPath(glob, pathWithin(root, path))),
  );
  const bar = progress('scanning', terminal);
  const report = scanFiles({
    root,
    files,
    uncertain: args.flag('uncertain'),
    env: terminal.env,
    progress: (done) => bar.at(done, files.length),
  });
  bar.end();
  if (args.flag('json')) terminal.out(`${JSON.stringify(report)}\n`);
  else {
    const { scanSarif, scanTable } = await import('../../report/scan.ts');
    terminal.out(
      args.flag('sarif')
        ? `${JSON.stringify(scanSarif(report, packageJson.version), null, 2)}\n`
        : scanTable(report, terminal.colours),
    );
  }
  return report.findings.length > most || report.faults.length > 0 ? 1 : 0;
}
