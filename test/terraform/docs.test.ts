import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { makePlace, root } from '../golden/play.ts';

const page = readFileSync(join(root, 'docs/terraform.md'), 'utf8');
const blocks = [...page.matchAll(/^```(hcl|sh|text)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));

describe('the commands of docs/terraform.md, in order', () => {
  const place = makePlace();
  afterAll(place.remove);
  const bin = join(place.home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'blastguard'),
    `#!/bin/sh\nexec '${process.execPath}' '${root}/dist/cli.cjs' "$@"\n`,
  );
  chmodSync(join(bin, 'blastguard'), 0o755);
  writeFileSync(join(place.project, 'main.tf'), blocks.find(({ kind }) => kind === 'hcl')?.text ?? '');
  const environment = { ...place.environment, PATH: `${bin}:${place.environment.PATH}` };

  test('there are commands', () => {
    expect(blocks.filter(({ kind }) => kind === 'sh').length).toBeGreaterThan(4);
  });

  for (const [i, { kind, text }] of blocks.entries()) {
    if (kind !== 'sh') continue;
    test(text.trim(), () => {
      let output = '';
      for (const line of text.trim().split('\n')) {
        const [, command = '', expected = '0'] = /^(.*?)(?:\s+# exits (\d+))?$/.exec(line) ?? [];
        const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
          cwd: place.project,
          env: environment,
          encoding: 'utf8',
        });
        expect([command, status, stderr]).toEqual([command, Number(expected), '']);
        output = stdout;
      }
      const next = blocks[i + 1];
      const shown = next?.kind === 'text' ? next.text.trim().split('\n') : [];
      expect(shown.filter((said) => !output.includes(said))).toEqual([]);
    });
  }
});
