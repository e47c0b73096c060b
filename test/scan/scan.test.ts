import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../golden/play.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-scan-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const fixture = join(top, 'fixture');
beforeAll(() => cpSync(join(root, 'test/scan/repository'), fixture, { recursive: true }));

function run(args: readonly string[], cwd = fixture) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'dist/cli.cjs'), 'scan', ...args],
    {
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: top, NO_COLOR: '1' },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

/** A repository of one file, and what a scan says of it. */
function scanOf(path: string, text: string, args: readonly string[] = []) {
  const dir = mkdtempSync(join(top, 'one-'));
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
  const { status, stdout, stderr } = run(['--project', dir, '--json', ...args, dir], dir);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout);
  const shown = report.findings.map(({ line, rule }: { line: number; rule: string }) => `${line} ${rule}`);
  return { status, report, shown };
}

describe('the files of a repository', () => {
  test('each kind of file is read, and each finding is where it stands', () => {
    const { status, stdout } = run(['--project', fixture, '--json', fixture]);
    expect(status).toBe(1);
    const report = JSON.parse(stdout);
    const shown = report.findings.map(
      ({ file, line, rule }: { file: string; line: number; rule: string }) => `${file}:${line} ${rule}`,
    );
    expect(shown.sort()).toEqual(
      [
        '.circleci/config.yml:11 helm/uninstall',
        '.circleci/config.yml:12 kubectl/delete',
        '.circleci/config.yml:13 aws/s3-remove',
        '.github/workflows/ci.yml:12 terraform/destroy',
        '.github/workflows/ci.yml:14 terraform/destroy',
        '.gitlab-ci.yml:9 terraform/destroy',
        '.husky/pre-push:1 terraform/destroy',
        'Dockerfile:3 aws/s3-remove',
        'Jenkinsfile:8 terraform/destroy',
        'Makefile:9 terraform/destroy',
        'Procfile:2 postgres/drop-database',
        'Taskfile.yml:7 terraform/destroy',
        'azure-pipelines.yml:5 terraform/destroy',
        'compose.yaml:7 terraform/destroy',
        'deploy.sh:6 terraform/destroy',
        'justfile:8 postgres/drop-database',
        'ops/clean.ps1:2 terraform/destroy',
        'ops/teardown:2 kubectl/delete',
        'package.json:5 postgres/drop-database',
        'pyproject.toml:6 terraform/destroy',
      ].sort(),
    );
    expect(report.ignored).toMatchObject([
      { file: 'deploy.sh', line: 9, rule: 'aws/delete-database', because: 'the nightly copy is made anew' },
    ]);
    expect(report.faults).toMatchObject([
      { file: '.github/workflows/broken.yml', line: 2 },
      { file: 'justfile', line: 6 },
    ]);
  });

  test('without git, and with it, the same files are found; what git ignores is not', () => {
    const plain = JSON.parse(run(['--project', fixture, '--json', fixture]).stdout);
    const copy = join(top, 'repository');
    cpSync(join(root, 'test/scan/repository'), copy, { recursive: true });
    execFileSync('git', ['init', '-q'], { cwd: copy });
    mkdirSync(join(copy, 'made'));
    writeFileSync(join(copy, 'made/x.sh'), 'terraform destroy\n');
    writeFileSync(join(copy, '.gitignore'), 'made\n');
    const known = JSON.parse(run(['--json'], copy).stdout);
    expect([known.files, known.findings.length]).toEqual([plain.files, plain.findings.length]);
  });

  test('files may be named, as pre-commit does, and left out', () => {
    expect(run(['--project', fixture, 'Procfile', 'README.md']).status).toBe(1);
    expect(run(['--project', fixture, 'Procfile', '--exclude', 'Proc*']).status).toBe(0);
    expect(run(['--project', fixture, 'Procfile', '--max', '1']).status).toBe(0);
    expect(run(['no-such-file'])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('`no-such-file`'),
    });
  });
});

describe('what is ordinary passes', () => {
  test.each([
    ['deploy.sh', '#!/bin/sh\nterraform plan\nrm -rf build "$TMPDIR/x"\necho "terraform destroy"\n'],
    ['Dockerfile', 'FROM a\nRUN apt-get install -y curl && rm -rf /var/lib/apt/lists/* /tmp/*\n'],
    ['.github/workflows/a.yml', 'jobs:\n  a:\n    steps:\n      - run: npm ci && npm test\n'],
    ['notes.md', '    terraform destroy\n'],
    ['data.json', '{"scripts": {"x": "terraform destroy"}}'],
    ['package.json', '{"name": "x", "scripts": {"clean": "rm -rf dist coverage node_modules"}}'],
    ['Makefile', 'clean:\n\trm -rf build dist\n\t-docker compose down\n'],
  ])('%s', (path, text) => {
    expect(scanOf(path, text)).toMatchObject({ status: 0, shown: [], report: { faults: [] } });
  });

  test('the repository itself', () => {
    const { status, stdout } = run(['--exclude', 'test/scan/**'], root);
    expect({ status, last: stdout.trim().split('\n').at(-1) }).toEqual({
      status: 0,
      last: expect.stringContaining('nothing that the policy would stop'),
    });
  });
});

describe('each finding is where it stands', () => {
  test.each<[string, string, string[]]>([
    ['a.sh', 'set -e\nif [ -n "$X" ]; then\n  terraform destroy\nfi\n', ['3 terraform/destroy']],
    ['a.sh', 'f() {\n  "$1" destroy\n}\necho hi\nf terraform\n', ['5 terraform/destroy']],
    ['a.sh', 'cat <<EOF | sh\necho x\nterraform destroy\nEOF\n', ['1 terraform/destroy']],
    ['bin/run', '#!/usr/bin/env -S bash -e\nterraform destroy\n', ['2 terraform/destroy']],
    [
      '.github/workflows/a.yaml',
      'jobs:\n  a:\n    steps:\n    - run: >-\n        terraform\n        destroy\n',
      ['5 terraform/destroy'],
    ],
    [
      'action.yml',
      'runs:\n  using: composite\n  steps:\n    - run: terraform destroy\n      shell: bash\n',
      ['4 terraform/destroy'],
    ],
    ['a.gitlab-ci.yml', 'x:\n  script:\n    - [cd infra, terraform destroy]\n', ['3 terraform/destroy']],
    ['.travis.yml', 'script:\n  - make\nafter_success: terraform destroy\n', ['3 terraform/destroy']],
    [
      'bitbucket-pipelines.yml',
      'pipelines:\n  default:\n    - step:\n        script:\n          - terraform destroy\n',
      ['5 terraform/destroy'],
    ],
    ['.buildkite/pipeline.yml', 'steps:\n  - command: "terraform destroy"\n', ['2 terraform/destroy']],
    [
      'lefthook.yml',
      'pre-push:\n  commands:\n    x:\n      run: terraform destroy\n',
      ['4 terraform/destroy'],
    ],
    ['tox.ini', '[testenv]\ncommands =\n    pytest\n    - terraform destroy\n', ['4 terraform/destroy']],
    ['mise.toml', '[tasks.down]\nrun = "terraform destroy"\n', ['2 terraform/destroy']],
    ['Rakefile', 'task :down do\n  sh "terraform destroy"\nend\n', ['2 terraform/destroy']],
    [
      'Jenkinsfile',
      "node {\n  bat 'dir'\n  sh label: 'x', script: 'terraform destroy'\n}\n",
      ['3 terraform/destroy'],
    ],
  ])('%s: %j', (path, text, expected) => {
    expect(scanOf(path, text).shown).toEqual(expected);
  });
});

describe('comments that excuse', () => {
  const script = (comment: string) => `#!/bin/sh\n${comment}\nterraform destroy\n`;
  test.each<[string, string, object]>([
    [
      'with a rule and a reason',
      '# blastguard:ignore terraform/destroy: a sandbox',
      { status: 0, shown: [] },
    ],
    ['of every rule', '# blastguard:ignore all: a sandbox', { status: 0, shown: [] }],
    [
      'of another rule',
      '# blastguard:ignore aws/delete: a sandbox',
      { status: 1, shown: ['3 terraform/destroy'] },
    ],
    [
      'without a reason',
      '# blastguard:ignore terraform/destroy',
      { status: 1, shown: ['3 terraform/destroy'] },
    ],
  ])('%s', (_, comment, expected) => {
    expect(scanOf('x.sh', script(comment))).toMatchObject(expected);
  });

  test('one that is no longer needed is said to be so, and fails nothing', () => {
    const { status, report } = scanOf('x.sh', '# blastguard:ignore terraform/destroy: a sandbox\nls\n');
    expect([status, report.unused.length]).toEqual([0, 1]);
  });
});

test('what is not certain is left out, unless it is asked for', () => {
  const text = '#!/bin/sh\n$TOOL destroy\n';
  expect(scanOf('x.sh', text).shown).toEqual([]);
  expect(scanOf('x.sh', text, ['--uncertain']).report.findings[0]).toMatchObject({ line: 2, verdict: 'ask' });
});

test('the answer does not depend on the machine', () => {
  const text = 'aws rds delete-db-instance --db-instance-identifier x\n';
  mkdirSync(join(top, '.aws'), { recursive: true });
  writeFileSync(
    join(top, '.aws/config'),
    '[default]\nregion = eu-west-1\nendpoint_url = http://localhost:4566\n',
  );
  expect(scanOf('x.sh', text).shown).toEqual(['1 aws/delete-database']);
});

test('the SARIF log is valid, and holds what comments excuse as suppressed', () => {
  const { stdout } = run(['--project', fixture, '--sarif', fixture]);
  const log = JSON.parse(stdout);
  const require = createRequire(import.meta.url);
  const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true });
  addFormats.default(ajv);
  const valid = ajv.validate(schema, log);
  expect(ajv.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const { results, tool } = log.runs[0];
  const suppressed = results.filter((result: { suppressions?: unknown }) => result.suppressions);
  expect(suppressed).toHaveLength(1);
  expect(results.length).toBe(20 + 1 + 2);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
});

describe('files for others', () => {
  test('the action runs what it says', () => {
    const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    const step = action.runs.steps.at(-1);
    const ran = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
      cwd: fixture,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: top,
        GITHUB_ACTION_PATH: root,
        PATHS: 'Procfile ops',
        ARGS: "--exclude 'ops/clean *.ps1' --max 3",
        SARIF: join(top, 'out.sarif'),
      },
      encoding: 'utf8',
    });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('ops/teardown:2');
    expect(JSON.parse(readFileSync(join(top, 'out.sarif'), 'utf8')).runs[0].results).toHaveLength(3);
  });

  test('the hook for pre-commit runs the scan of the files that it is given', () => {
    const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8'));
    const entry = join(root, hook.entry);
    const ask = (file: string) =>
      spawnSync(entry, [file], {
        cwd: fixture,
        env: { PATH: process.env.PATH ?? '', HOME: top },
        encoding: 'utf8',
      });
    expect([ask('Procfile').status, ask('README.md').status]).toEqual([1, 0]);
  });
});
