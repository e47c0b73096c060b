import { describe, expect, test } from 'vitest';
import { showWord } from '../../../src/model/word.ts';
import { readCommands } from '../../../src/shell/read.ts';
import { pretend } from '../pretend.ts';
import { readers } from '../readers.ts';

const project = '/home/dev/project';
const makefile = `
ENV ?= prod
TF = terraform -chdir=envs/$(ENV)
all: build
\techo hi
build:
\tgo build ./...
destroy: check
\t@$(TF) destroy \\
\t  -auto-approve
check:
\t-[ -n "$$X" ]
%.out:
\ttouch $@
inline: ; rm -rf out
`;
const scripts = {
  nuke: 'terraform destroy',
  pretest: 'rm -rf coverage',
  test: 'vitest run',
  up: 'npm run nuke -- -auto-approve',
  postinstall: 'node build.js',
};
const justfile = `
bucket := "prod"
default: clean
  echo hi
clean:
  @aws s3 rb s3://{{bucket}} --force
`;
const files = {
  [`${project}/Makefile`]: makefile,
  [`${project}/rules.mk`]:
    '-include more.mk nothing.mk\ndefine AGAIN\ncreatedb orders\ndropdb orders\nendef\nboth:\n\t$(AGAIN)\n',
  [`${project}/more.mk`]: 'include rules.mk\nwipe: ; dropdb orders\n',
  [`${project}/package.json`]: JSON.stringify({ scripts }),
  [`${project}/justfile`]: justfile,
  [`${project}/web/package.json`]: JSON.stringify({ scripts: { wipe: 'rm -rf /srv' } }),
  [`${project}/composer.json`]: JSON.stringify({
    scripts: { wipe: ['@php artisan db:wipe', 'rm -rf /srv'] },
  }),
};

const read = (line: string) =>
  readCommands(line, 'shell', pretend({ cwd: project, files }), () => {}, readers)
    .commands.slice(1)
    .map(({ words }) => words.map(showWord).join(' '));

describe('what a task runs', () => {
  test.each<[string, string[]]>([
    ['make', ['go build ./...', 'echo hi']],
    ['make destroy', ['[ -n … ]', 'terraform -chdir=envs/prod destroy -auto-approve']],
    ['make destroy ENV=dev', ['[ -n … ]', 'terraform -chdir=envs/dev destroy -auto-approve']],
    ['make x.out', ['touch x.out']],
    ['make inline', ['rm -rf out']],
    ['make -n destroy', []],
    ['make -f rules.mk wipe', ['dropdb orders']],
    ['make -f rules.mk both', ['createdb orders', 'dropdb orders']],
    ["make -f - <<< 'x:; dropdb orders'", ['dropdb orders']],
    ['make missing', []],
    ['npm run nuke', ['terraform destroy']],
    ['npm test', ['rm -rf coverage', 'vitest run']],
    ['npm run up', ['npm run nuke -- -auto-approve', 'terraform destroy -auto-approve']],
    ['npm ci', ['node build.js']],
    ['npm --prefix web run wipe', ['rm -rf /srv']],
    ['yarn nuke', ['terraform destroy']],
    ['yarn sls remove', ['sls remove']],
    ['pnpm run nuke', ['terraform destroy']],
    ['just', ['aws s3 rb s3://prod --force', 'echo hi']],
    ['just clean', ['aws s3 rb s3://prod --force']],
    ['composer run wipe', ['php artisan db:wipe', 'rm -rf /srv']],
  ])('%s', (line, commands) => {
    expect(read(line)).toEqual(commands);
  });
});
