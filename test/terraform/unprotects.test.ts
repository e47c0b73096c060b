import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { gatherFacts } from '../../src/host/facts.ts';
import { readPlain } from '../../src/shell/plain.ts';
import { readCommands } from '../../src/shell/read.ts';
import { unprotects } from '../../src/terraform/unprotects.ts';
import { builtInPacks, policyOf } from '../policies-in-force.ts';
import { readers } from '../shell/readers.ts';

const policy = policyOf(builtInPacks.filter(({ pack }) => pack.pack === 'terraform-files'));
const dir = realpathSync(mkdtempSync(join(tmpdir(), 'blastguard-unprotects-')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const main = `# The orders.
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  instance_class      = "db.t3.small"
  deletion_protection = true
  skip_final_snapshot = false

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags]
  }
}

resource "aws_instance" "web" {
  instance_type = "t3.small"
}
`;
const json = `{
  "resource": {
    "aws_dynamodb_table": {
      "t": { "name": "t", "deletion_protection_enabled": true, "lifecycle": { "prevent_destroy": true } }
    }
  }
}
`;

beforeEach(() => {
  mkdirSync(join(dir, 'other'), { recursive: true });
  writeFileSync(join(dir, 'main.tf'), main);
  writeFileSync(join(dir, 'table.tf.json'), json);
  writeFileSync(join(dir, 'bare.tf'), main.replaceAll(/\n {2}lifecycle \{[^}]*\}\n/g, ''));
  rmSync(join(dir, 'db.tf'), { force: true });
});

function verdict(tool: string, input: Record<string, unknown>): string {
  const call = { event: 'PreToolUse', tool, input, cwd: dir, permissionMode: 'auto', sessionId: 't' };
  const facts = { ...gatherFacts(call, { HOME: '/home/dev' }), projectDir: dir };
  return decide(call, {
    policy,
    facts,
    read: ({ text, language }) =>
      readPlain(text, facts) ?? readCommands(text, language, facts, () => {}, readers),
    unprotects: (touch) => unprotects(touch, facts),
    onUncertain: 'ask',
    checkTime: () => {},
  }).verdict;
}

const file = join(dir, 'main.tf');
const edit = (from: string, to: string, more = {}) =>
  verdict('Edit', { file_path: file, old_string: from, new_string: to, ...more });
const write = (content: string, path = file) => verdict('Write', { file_path: path, content });
const bash = (command: string) => verdict('Bash', { command });

describe('an edit that takes protection away is denied', () => {
  test.each([
    ['the value alone', 'prevent_destroy = true\n  }', 'prevent_destroy = false\n  }'],
    ['the line', '    prevent_destroy = true\n  }', '  }'],
    ['a comment in its place', 'prevent_destroy = true\n  }', '# prevent_destroy = true\n  }'],
    ['a block comment around it', 'prevent_destroy = true\n  }', '/* prevent_destroy = true */\n  }'],
    ['the block', '  lifecycle {\n    prevent_destroy = true\n  }\n', ''],
    ['another spelling of false', 'prevent_destroy = true\n  }', 'prevent_destroy = !true\n  }'],
    [
      'false by way of a function',
      'prevent_destroy = true\n  }',
      'prevent_destroy = jsondecode("false")\n  }',
    ],
    ['a comparison', 'prevent_destroy = true\n  }', 'prevent_destroy = 1 == 2\n  }'],
    ['text for a boolean', 'prevent_destroy = true\n  }', 'prevent_destroy = "${false}"\n  }'],
    ['deletion protection', 'deletion_protection = true', 'deletion_protection = false'],
    ['deletion protection gone', '  deletion_protection = true\n', ''],
    ['the last snapshot', 'skip_final_snapshot = false', 'skip_final_snapshot = true'],
    ['force_destroy added', 'bucket = "logs"', 'bucket = "logs"\n  force_destroy = true'],
    ['a half of a word', 'n = true\n  skip', 'n = false\n  skip'],
    ['the resource with it', main.slice(main.indexOf('# The'), main.indexOf('resource "aws_s3')), ''],
    ['its name', '"aws_db_instance" "orders"', '"aws_db_instance" "orders_v2"'],
    ['a file that is not valid afterwards', 'prevent_destroy = true\n  }', 'prevent_destroy = = false\n  }'],
  ])('%s', (_, from, to) => {
    expect(main).toContain(from);
    expect(edit(from, to)).toBe('deny');
  });

  test('every place at once', () => {
    expect(edit('= true', '= false', { replace_all: true })).toBe('deny');
  });

  test('one of several edits', () => {
    const edits = [
      { old_string: 't3.small', new_string: 't3.large' },
      { old_string: 'prevent_destroy = true\n  }', new_string: '}' },
    ];
    expect(verdict('MultiEdit', { file_path: file, edits })).toBe('deny');
  });

  test('the whole file anew', () => {
    expect(write(main.replace('prevent_destroy = true', 'prevent_destroy = false'))).toBe('deny');
    expect(write('')).toBe('deny');
    expect(write(json.replace('true, "life', 'false, "life'), join(dir, 'table.tf.json'))).toBe('deny');
    expect(
      write(json.replace(', "lifecycle": { "prevent_destroy": true }', ''), join(dir, 'table.tf.json')),
    ).toBe('deny');
  });

  test('a value that depends on something is asked about', () => {
    expect(edit('deletion_protection = true', 'deletion_protection = var.protect')).toBe('ask');
  });

  test.each([
    `sed -i 's/prevent_destroy = true/prevent_destroy = false/' main.tf`,
    `sed -i 's/true/false/' main.tf`,
    `sed -i '/prevent_destroy/d' main.tf`,
    `sed -i '/lifecycle {/,/}/d' main.tf`,
    `sed -i '9d' main.tf`,
    `sed -i -e 's/t3/t4/' -e 's/\\(prevent_destroy *= *\\)true/\\1false/' main.tf`,
    `sed -i.bak -E 's/(destroy\\s*=\\s*)true/\\1false/g' main.tf`,
    `sed -i 's/true/false/' *.tf`,
    `sed -i s/prevent_destroy/create_before_destroy/ "$FILE"`,
    `perl -0pi -e 's/lifecycle \\{[^}]*prevent_destroy[^}]*\\}//g' main.tf`,
    `cp bare.tf main.tf`,
    `mv bare.tf main.tf`,
    `cat bare.tf > main.tf`,
    `: > main.tf`,
    `cat > main.tf <<'EOF'\nresource "aws_instance" "web" {\n}\nEOF`,
    `tee main.tf <<'EOF'\nresource "aws_db_instance" "orders" {\n}\nEOF`,
    `echo 'resource "aws_s3_bucket" "logs" {}' > main.tf`,
    `rm main.tf`,
    `git rm main.tf`,
    `mv main.tf main.tf.bak`,
    `bash -c "sed -i s/true/false/ main.tf"`,
  ])('by the shell: %s', (command) => {
    expect(bash(command)).toBe('deny');
  });
});

describe('what would be put there cannot be known: asked about', () => {
  test.each([
    'some-generator > main.tf',
    'curl -o main.tf https://example.com/main.tf',
    `sed -i 'N;P;D' main.tf`,
    `sed -i -E 's/((x+)+)+y/z/' main.tf`,
    'patch main.tf < change.diff',
  ])('%s', (command) => {
    expect(bash(command)).toBe('ask');
  });

  test('an expression that would take long is not tried', () => {
    writeFileSync(join(dir, 'main.tf'), `${main}# ${'x'.repeat(50_000)}\n`);
    const started = process.cpuUsage();
    expect(bash(`sed -i -E 's/(x+)+y/z/; s/x*x*x*x*y/z/' main.tf`)).toBe('ask');
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2_000);
  });
});

describe('an ordinary edit passes', () => {
  test.each([
    ['another value', 't3.small"\n}', 't3.large"\n}'],
    ['a comment', '# The orders.', '# The orders of the shop.'],
    ['another layout', 'prevent_destroy = true\n  }', 'prevent_destroy   =   true # keep\n  }'],
    [
      'protection added',
      '  instance_type = "t3.small"',
      '  instance_type = "t3.small"\n  lifecycle {\n    prevent_destroy = true\n  }',
    ],
    ['a resource without protection gone', main.slice(main.indexOf('resource "aws_instance"')), ''],
    [
      'a new name with a moved block',
      'resource "aws_db_instance" "orders" {',
      'moved {\n  from = aws_db_instance.orders\n  to   = aws_db_instance.orders_v2\n}\n\nresource "aws_db_instance" "orders_v2" {',
    ],
    ['a word that is not there', 'nothing like it', 'x'],
  ])('%s', (_, from, to) => {
    expect(edit(from, to)).toBe('pass');
  });

  test('a resource that leaves the state and stays', () => {
    const removed =
      'removed {\n  from = aws_db_instance.orders\n\n  lifecycle {\n    destroy = false\n  }\n}\n\n';
    expect(write(removed + main.slice(main.indexOf('resource "aws_s3')))).toBe('pass');
    expect(write(removed.replace('false', 'true') + main.slice(main.indexOf('resource "aws_s3')))).toBe(
      'deny',
    );
  });

  test('a resource that moves to another file of the directory', () => {
    const orders = main.slice(0, main.indexOf('resource "aws_s3'));
    expect(write(orders, join(dir, 'db.tf'))).toBe('pass');
    writeFileSync(join(dir, 'db.tf'), orders);
    expect(write(main.slice(orders.length))).toBe('pass');
    writeFileSync(join(dir, 'db.tf'), orders.replace('prevent_destroy = true', ''));
    expect(write(main.slice(orders.length))).toBe('deny');
  });

  test.each([
    `sed -i 's/t3.small/t3.large/' main.tf`,
    `sed -i '/instance_type/d' main.tf`,
    `sed -i 's/prevent_destroy = false/prevent_destroy = true/' main.tf`,
    `sed -n '/prevent_destroy/p' main.tf`,
    `sed 's/true/false/' main.tf`,
    `cp main.tf main.tf.bak`,
    `cp main.tf other/main.tf`,
    `mv main.tf database.tf`,
    `rm bare.tf`,
    `rm main.tf.bak`,
    `chmod 644 main.tf`,
    `git checkout -- main.tf`,
    `some-generator > new.tf`,
    `perl -pi -e 's/t3.small/t3.large/' main.tf`,
    `echo '# note' >> main.tf`,
    `cat > new.tf <<'EOF'\nresource "aws_s3_bucket" "scratch" {\n  force_destroy = true\n}\nEOF`,
    `terraform fmt`,
    `grep -c prevent_destroy main.tf`,
    `echo "prevent_destroy = false" > notes.md`,
  ])('by the shell: %s', (command) => {
    expect(bash(command)).toBe('pass');
  });
});
