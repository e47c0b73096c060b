import { describe, expect, test } from 'vitest';
import { readIn, runsIn } from './reads.ts';

const files = {
  Procfile: 'web: bundle exec puma -p $PORT\n# no: thing\nwipe: terraform destroy\n',
  'Procfile.dev': 'css: yarn build --watch\n',
  'compose.yaml': `
services:
  db: { image: 'postgres:16', command: postgres -c fsync=off }
  web:
    build: { context: web, dockerfile: Dockerfile.web }
    depends_on: [db]
    command: sh -c "rm -rf /app/data && kubectl delete ns orders"
  infra: { image: 'hashicorp/terraform:1.9', command: [destroy, -auto-approve] }
  tool: { image: alpine, entrypoint: [sh, -c], command: ['date $$HOME'], volumes: ['./x:/x'] }
  host: { image: alpine, command: rm -rf /host/srv, volumes: ['/:/host'] }
`,
  'other.yml': 'services: { a: { image: x, command: dropdb orders } }',
  Dockerfile: `
FROM debian
ARG TARGET=prod
# RUN dropdb no
RUN --mount=type=cache,target=/x apt-get update && \\
    # a comment
    rm -rf /var/lib/apt/lists/*
RUN curl -sSL https://example.com/x | sh
RUN ["kubectl", "delete", "ns", "orders"]
RUN <<EOF
terraform -chdir=$TARGET destroy
EOF
`,
  'web/Dockerfile.web': 'FROM node\nRUN npm ci\n',
  'broken.yml': 'services: [',
  'site.yml': `
- hosts: all
  pre_tasks: [{ shell: 'dropdb {{ name }}' }]
  tasks:
    - block: [{ ansible.builtin.command: { cmd: kubectl delete ns orders } }]
    - apt: { name: nginx, state: present }
  handlers: [{ name: reload, command: nginx -s reload }]
`,
  'package.json': JSON.stringify({
    scripts: { all: 'run-s db:*', 'db:drop': 'dropdb orders', 'db:seed': 'node seed.js', db: 'true' },
  }),
  'mise.toml': `
[tasks]
lint = "eslint ."
[tasks.down]
depends = ["lint"]
dir = "infra"
run = ["echo down", "terraform destroy"]
`,
  'mise-tasks/db/wipe': '#!/bin/sh\ndropdb orders\n',
  'deno.jsonc': `{ // tasks
    "tasks": { "dev": "deno run main.ts", "down": { "command": "terraform destroy", "dependencies": ["dev"] }, } }`,
  '.github/workflows/ci.yml': `
on: { push: {}, workflow_dispatch: {} }
jobs:
  test: { runs-on: x, steps: [{ uses: actions/checkout@v4 }, { run: 'npm test' }] }
  down: { runs-on: x, steps: [{ run: 'terraform destroy -var x=\${{ inputs.x }}' }] }
`,
};

describe('processes and containers', () => {
  test.each<[string, string[]]>([
    ['foreman start', ['bundle exec puma -p …', 'puma -p …', 'terraform destroy']],
    ['foreman start web', ['bundle exec puma -p …', 'puma -p …']],
    ['overmind s -l wipe', ['terraform destroy']],
    ['heroku local wipe', ['terraform destroy']],
    ['honcho -f Procfile.dev start', ['yarn build --watch', 'build']],
    ['foreman check', []],
    ['ansible-playbook -i prod site.yml', ['dropdb …', 'kubectl delete ns orders', 'nginx -s reload']],
    ['ansible-playbook site.yml --check', []],
    ['npm run all', ['run-s db:*', 'dropdb orders', 'node seed.js']],
    ['run-p db --print-label', ['true']],
    ['docker compose up db', ['postgres -c fsync=off']],
    [
      'docker-compose up -d web',
      [
        'sh -c rm -rf /app/data && kubectl delete ns orders',
        'rm -rf /app/data',
        'kubectl delete ns orders',
        'postgres -c fsync=off',
      ],
    ],
    ['docker compose run --rm infra', ['terraform destroy -auto-approve']],
    ['docker compose start tool', ['sh -c date $HOME', 'date /home/dev']],
    ['docker compose -f other.yml up', ['dropdb orders']],
    ['docker compose build web', ['npm ci']],
    ['docker compose ps', []],
    [
      'docker build .',
      [
        'apt-get update',
        'rm -rf /var/lib/apt/lists/*',
        'curl -sSL https://example.com/x',
        'sh',
        'kubectl delete ns orders',
        'terraform -chdir=prod destroy',
      ],
    ],
    ['docker buildx build -f web/Dockerfile.web web', ['npm ci']],
    ['docker build https://example.com/x.git', []],
    ['docker ps', []],
    ['mise run down', ['eslint .', 'echo down', 'terraform destroy']],
    ['mise lint --fix', ['eslint . --fix']],
    ['mise run db:wipe', ['./mise-tasks/db/wipe', 'dropdb orders']],
    ['mise install', []],
    ['deno task dev', ['deno run main.ts']],
    ['deno task down', ['deno run main.ts', 'terraform destroy']],
    ['act -j test', ['npm test']],
    ['act push', ['npm test', 'terraform destroy -var x=…']],
    ['act release', []],
    ['act -l', []],
  ])('%s', (line, commands) => {
    expect(runsIn(files, line)).toEqual(commands);
  });

  test('a container is marked, and unknown code in it is no doubt', () => {
    const built = readIn(files, 'docker build .');
    expect(built.commands.map(({ container }) => container)).toEqual([undefined, ...Array(6).fill(true)]);
    expect(built.doubts).toEqual([]);
  });

  test('a service that sees the files of this machine is none', () => {
    const { commands } = readIn(files, 'docker compose up host');
    expect(commands.at(-1)?.container).toBeUndefined();
  });

  test('a compose file that cannot be read is a doubt where the line names it', () => {
    expect(readIn(files, 'docker compose -f broken.yml up').doubts).toHaveLength(1);
    expect(readIn({ 'compose.yaml': ': : [' }, 'docker compose up').doubts).toEqual([]);
  });
});
