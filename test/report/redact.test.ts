import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../src/report/redact.ts';
import { cpuTime } from '../cpu-time.ts';

/** `«…»` marks the secret. It must go, and everything around it must stay. Joined here so that no scanner trips. */
const letters = 'a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h8i9j0';
const secrets: readonly string[] = [
  'psql --password «hunter2» -h db',
  "tool --db-password='«hunter 2»' rest",
  'tool --api-key «k-1» --region eu-west-1',
  'tool -token=«t1»',
  'aws rds modify-db-instance --master-user-password «Hunter2!» --apply-immediately',
  'mysql -u root -p«hunter2» -h db orders',
  'mysqldump -p"«a b»" orders > dump.sql',
  'sshpass -p «hunter2» ssh web-1 uptime',
  'redis-cli -a «hunter2» flushall',
  'docker login -u me -p «hunter2» registry.example.com',
  'openssl enc -d -pass pass:«hunter2» -in x',
  'curl -u me:«hunter2» https://example.com/',
  'curl -s --user "me:«pass word»" https://example.com/',
  'curl -H "Authorization: Bearer «abc.def»" https://example.com/',
  "curl -H 'authorization: Basic «bWU6aHVudGVyMg==»' https://example.com/",
  'curl -H "PRIVATE-TOKEN: «abc»" https://example.com/',
  'git clone https://me:«hunter2»@example.com/x.git',
  'git clone https://«0123456789abcdef01234567»@example.com/x.git',
  'DEPLOY_TOKEN=«abc» ./deploy.sh',
  'export MY_SECRET_VALUE=«abc»; ls',
  'PGPASSWORD="«a;b»" psql -c "select 1"',
  'OPENAI_API_KEY=«abc» node x.js',
  'AWS_SECRET_ACCESS_KEY=«wJalr/XUtn+FEMI» aws s3 ls',
  'aws configure set aws_secret_access_key «wJalr/XUtn+FEMI» --profile p',
  'terraform apply -var="admin_password=«hunter2»" -auto-approve',
  'kubectl create secret generic x --from-literal=password=«hunter2» -n prod',
  'curl "https://example.com/?access_token=«abc»&page=2"',
  '{"host":"db","password":"«hunter2»","port":1}',
  '{"body":"{\\"token\\":\\"«abc»\\"}"}',
  'user: me\npassword: «hunter2»\nport: 1',
  `echo «AKIA${'IOSFODNN7EXAMPLE'}» > x`,
  `echo «ghp_${letters.slice(0, 36)}» | gh auth login`,
  `echo «github_pat_${letters}» | x`,
  `echo «glpat-${letters.slice(0, 20)}» | x`,
  `echo «xoxb-${letters.slice(0, 24)}» | x`,
  `echo «npm_${letters.slice(0, 36)}» | x`,
  `echo «pypi-${letters}» | x`,
  `echo «sk_live_${letters.slice(0, 24)}» | x`,
  `echo «sk-proj-${letters}» | x`,
  `echo «sk-ant-api03-${letters}» | x`,
  `echo «AIza${letters.slice(0, 35)}» | x`,
  `echo «eyJ${letters}.eyJ${letters}.${letters}» | x`,
  `cat > k <<EOF\n«-----BEGIN RSA PRIVATE KEY-----\n${letters}\n-----END RSA PRIVATE KEY-----»\nEOF`,
];

const ordinary: readonly string[] = [
  'ls -la',
  'terraform destroy -auto-approve',
  'cd infra && AWS_PROFILE=prod aws --region eu-west-1 rds delete-db-instance --db-instance-identifier orders',
  'aws secretsmanager delete-secret --secret-id prod/db --force-delete-without-recovery',
  'kubectl delete secret my-secret -n prod',
  'vault kv delete secret/token',
  'docker run -p80:80 -p 443:443 web',
  'docker build --secret id=npm,src=.npmrc .',
  'docker login --password-stdin registry.example.com',
  'psql --no-password orders',
  'git commit -m "fix token: parse error"',
  'git push ssh://git@github.com/owner/repo.git',
  'git log --grep password -n 3',
  'TOKEN=$(pass show deploy) ./deploy.sh',
  'curl -H "Authorization: Bearer $TOKEN" https://example.com/',
  'DB_PASSWORD="$PW" ./x',
  'if [ "$PASSWORD" == "" ]; then exit; fi',
  'node x.js --max_tokens=100 MAX_TOKENS=5 PASSWORD_FILE=/run/secrets/db',
  'mkdir -p src/task-sk-learn-contrib-something',
  'ssh -p 22 host mysqladmin status',
];

describe('redact', () => {
  test.each(secrets)('hides the secret and nothing else: %s', (row) => {
    const [before = '', secret = '', after = ''] = row.split(/[«»]/);
    expect(secret).not.toBe('');
    expect(redact(`${before}${secret}${after}`)).toBe(`${before}[secret]${after}`);
  });

  test.each(ordinary)('leaves as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('text around a secret stays, and a second time changes nothing', () => {
    const plain = fc.constantFrom(...ordinary.filter((text) => !/pass|token|secret/i.test(text)));
    const row = fc.constantFrom(...secrets.filter((text) => !/[\n{]/.test(text)));
    fc.assert(
      fc.property(plain, row, plain, (before, hidden, after) => {
        const secret = /«(.*)»/.exec(hidden)?.[1] ?? '';
        const result = redact(`${before}; ${hidden.replace(/[«»]/g, '')}; ${after}`);
        expect(result.startsWith(`${before}; `)).toBe(true);
        expect(result.endsWith(`; ${after}`)).toBe(true);
        expect(result).not.toContain(secret.length > 3 ? secret : `=${secret}`);
        expect(redact(result)).toBe(result);
      }),
    );
  });

  test('any text comes back the same the second time', () => {
    const word = fc.constantFrom(
      'password',
      'token=',
      '--secret',
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      ':',
      '=',
      '@',
      'https://',
      '-p',
      'mysql ',
      'curl -u ',
      'a',
      '$X',
      ';',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const once = redact(words.join(''));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '-',
    '--a',
    'password=',
    '"password":',
    '\\"',
    '"',
    'eyJaaaaaaaa.',
    'mysql ',
    'curl -u a',
    'docker ',
    '-----BEGIN PRIVATE KEY-----',
    'https://a:',
    'a.',
  ])('takes linear time on 200 kB of %s', (piece) => {
    const time = (length: number) => {
      const text = piece.repeat(length / piece.length);
      const started = cpuTime();
      redact(text);
      return cpuTime() - started;
    };
    time(20_000);
    expect(time(200_000)).toBeLessThan(Math.max(150, time(20_000) * 40));
  });

  test('cuts what is too long, and says by how much', () => {
    const result = redact(`ls ${'x'.repeat(300 * 1024)}`);
    expect(result.length).toBeLessThan(257 * 1024);
    expect(result).toMatch(/… \(\d+ more characters\)$/);
  });
});
