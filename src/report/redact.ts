/**
 * Secrets in the text of a command, replaced by `[secret]`; what is around them stays. A value that is only a reference
 * (`$TOKEN`, `$(pass show x)`) is no secret. Text beyond `LONGEST` is cut off and counted.
 * INVARIANT: every expression is linear: it starts at a word's start or a rare literal, repeats one class of characters
 * at a time, and what follows a repetition is optional or outside its class.
 */
export function redact(text: string): string {
  if (text.length > LONGEST) {
    return `${redact(text.slice(0, LONGEST))} … (${text.length - LONGEST} more characters)`;
  }
  let before = text;
  // What stood behind a secret may come to stand behind a name: repeat until nothing changes.
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const after = redactOnce(before);
    if (after === before) break;
    before = after;
  }
  return before;
}

function redactOnce(text: string): string {
  let current = text;
  let lower = text.toLowerCase();
  for (const kind of kinds) {
    if (!kind.signs.some((sign) => lower.includes(sign))) continue;
    kind.made ??= kind.make();
    const after = kind.made.reduce((before, replace) => replace(before), current);
    if (after !== current) lower = after.toLowerCase();
    current = after;
  }
  return current;
}

type Replace = (text: string) => string;

/** Secrets of a kind. Their expressions are made for a text that shows a sign: most show none, and making them is slow. */
type Kind = {
  /** In lower case. Every secret of the kind holds one of them, or its name does. */
  readonly signs: readonly string[];
  readonly make: () => readonly Replace[];
  made?: readonly Replace[];
};

const kind = (signs: string, make: () => readonly Replace[]): Kind => ({ signs: signs.split(' '), make });

const MOST_PASSES = 8;

const LONGEST = 256 * 1024;
const SECRET = '[secret]';

/**
 * What may stand for a value: quoted words (escaped quotes too, as in JSON within JSON), or bare characters up to the
 * next quote, because the quote may be one that began before the name (`-var="password=x"`).
 */
const QUOTED = String.raw`"(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^']*(?:'|$)|\\["'][^"'\\]*(?:\\["'])?`;
const BARE = String.raw`\\[^"']|[^\s"'\\;|&<>(){}\x60]`;
const VALUE = `(?:(?:${QUOTED})+|(?:${BARE})+)`;

/** Names that promise a secret as the value. */
const NAME =
  '(?:password|passwd|passphrase|secret|token|(?:api|access|private)[_-]?key|pgpassword|mysql_pwd|credentials?)';
const signsOfName = 'passw passphrase secret token key mysql_pwd credential';

/** Credentials that show what they are by their form. */
const TOKENS = [
  '(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])', // AWS access key
  'gh[pousr]_[A-Za-z0-9]{30,255}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,255}',
  'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|oas|imt|ffct)-[\\w.-]{20,255}', // GitLab
  'xox[abceoprs]-[\\w-]{10,255}', // Slack
  'xapp-[\\w-]{10,255}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[\\w-]{16,512}',
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}', // Stripe
  'whsec_[A-Za-z0-9+/=]{20,255}',
  'sk-(?=[\\w-]{0,64}\\d)[\\w-]{20,512}', // OpenAI, Anthropic
  'AIza[\\w-]{35}', // Google
  'ya29\\.[\\w-]{20,1024}',
  'GOCSPX-[\\w-]{20,64}',
  'eyJ[\\w-]{8,4096}\\.[\\w-]{8,8192}\\.[\\w-]{0,4096}', // JWT
  'hf_[A-Za-z0-9]{30,64}',
  'dop_v1_[a-f0-9]{64}',
  'SG\\.[\\w-]{16,64}\\.[\\w-]{16,64}',
  'hv[sbr]\\.[\\w-]{20,512}', // Vault
  'dckr_(?:pat|oat)_[\\w-]{20,64}',
  'AGE-SECRET-KEY-1[A-Z0-9]{50,64}',
];
const signsOfTokens =
  'akia asia ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glagent- gloas- glimt- glffct- xox xapp- npm_ pypi- sk_ rk_ whsec_ sk- aiza ya29. gocspx- eyj hf_ dop_v1_ sg. hvs. hvb. hvr. dckr_ age-secret-key-';

const kinds: readonly Kind[] = [
  kind('-----begin', () => [
    replacing(
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
      SECRET,
    ),
  ]),
  kind('authorization', () => [
    hidingValue(
      /(\b(?:proxy-)?authorization\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?(?:(?:bearer|basic|token|digest|apikey)\s{1,4})?)([^\s"'\\]{1,8192})/gi,
    ),
  ]),
  kind('key: token: cookie:', () => [
    hidingValue(
      /(\b(?:x-api-key|x-auth-token|x-vault-token|private-token|job-token|x-goog-api-key|api-key|cookie):\s{0,4})([^\s"'\\]{1,8192})/gi,
    ),
  ]),
  kind('bearer', () => [hidingValue(/(\bbearer\s{1,4})([\w.~+/=-]{16,8192})/gi)]),
  kind('://', () => [
    // `https://user:password@host`; a user alone only when it is long enough to be a token.
    hidingValue(/([A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,255}:)([^\s/@"']{1,1024})(?=@)/g),
    hidingValue(/(https?:\/\/)([^\s/:@"']{20,1024})(?=@)/gi),
  ]),
  kind(signsOfName, () => [
    // `--db-password X`, `-token=X`. An option in the value's place is none: `--password --user x`.
    hidingValue(
      new RegExp(
        String.raw`((?<![\w-])--?(?!no-)(?:[a-z0-9]{1,40}[-_]){0,8}${NAME}(?:=|\s{1,8}(?!-)))((?!(?:id|type|src|source|env)=)${VALUE})`,
        'gi',
      ),
    ),
    // `"password": "X"`, escaped or not. The second group is the quote.
    hidingValue(
      new RegExp(
        String.raw`((\\?["'])[\w.-]{0,64}${NAME}\2\s{0,4}:\s{0,4})("(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^']*(?:'|$)|\\"[^"\\]*(?:\\")?)`,
        'gi',
      ),
      3,
    ),
    // `password: X` alone on its line.
    hidingValue(
      new RegExp(
        String.raw`(^[ \t]{0,64}(?:- )?[\w.-]{0,64}${NAME}:[ \t]{1,8})(\S{1,8192})(?=[ \t]{0,8}$)`,
        'gim',
      ),
    ),
    hidingAssigned(
      // `GITHUB_TOKEN=X`, `?access_token=X`, `password=X`.
      new RegExp(String.raw`((?<![\w.-])([\w.-]{0,64}?${NAME}[\w.-]{0,64})=)(?!=)(${VALUE})`, 'gi'),
    ),
  ]),
  kind('aws_', () => [
    hidingValue(new RegExp(String.raw`(\baws_(?:secret_access_key|session_token)\s{1,8})(${VALUE})`, 'gi')),
  ]),
  kind(signsOfTokens, () => [replacing(new RegExp(`(?<![A-Za-z0-9])(?:${TOKENS.join('|')})`, 'g'), SECRET)]),
  kind('hooks.slack.com', () => [replacing(/(hooks\.slack\.com\/services\/)[\w/-]{8,255}/g, `$1${SECRET}`)]),
  // Options that carry a secret for one program only, up to the end of its command.
  kind('mysql mariadb', () => [
    inCommand(/\b(?:mysql|mariadb)[\w-]{0,32}\s[^;|&\n]*/g, new RegExp(String.raw`(\s-p)(${VALUE})`, 'g')),
  ]),
  kind('sshpass', () => [
    inCommand(/\bsshpass\s[^;|&\n]*/g, new RegExp(String.raw`(\s-p\s{0,4})(${VALUE})`, 'g')),
  ]),
  kind('redis-cli', () => [
    inCommand(/\bredis-cli\s[^;|&\n]*/g, new RegExp(String.raw`(\s(?:-a|--pass)\s{1,4})(${VALUE})`, 'g')),
  ]),
  kind('login', () => [
    inCommand(
      /\b(?:docker|podman|helm|oras|skopeo|az|npm)\s[^;|&\n]{0,200}?\blogin\b[^;|&\n]*/g,
      new RegExp(String.raw`(\s-p\s{0,4})(${VALUE})`, 'g'),
    ),
  ]),
  kind('openssl', () => [
    inCommand(
      /\bopenssl\s[^;|&\n]*/g,
      /(\s-(?:pass|passin|passout|k)\s{1,4}(?:pass:)?)((?!file:|env:|fd:|stdin)[^\s"']{1,1024})/g,
    ),
  ]),
  kind('curl', () => [
    inCommand(
      /\bcurl\s[^;|\n]*/g,
      /(\s(?:-u|-U|--user|--proxy-user)(?:\s{1,4}|=)?["'][^:"']{1,255}:)([^"']{1,1024})/g,
    ),
    inCommand(
      /\bcurl\s[^;|\n]*/g,
      /(\s(?:-u|-U|--user|--proxy-user)(?:\s{1,4}|=)?[^\s:"'-][^\s:"']{0,255}:)([^\s"']{1,1024})/g,
    ),
  ]),
];

function replacing(pattern: RegExp, by: string): Replace {
  return (text) => text.replace(pattern, by);
}

function inCommand(program: RegExp, option: RegExp): Replace {
  return (text) => text.replace(program, hidingValue(option));
}

/** `value`: which group of the pattern is the secret. */
function hidingValue(pattern: RegExp, value = 2): Replace {
  return (text) =>
    text.replace(pattern, (...groups: string[]) => (groups[1] ?? '') + hidden(groups[value] ?? ''));
}

/** The groups of the pattern: what stands before the value, the name in it, the value. */
function hidingAssigned(pattern: RegExp): Replace {
  return (text) =>
    text.replace(pattern, (whole: string, before: string, name: string, value: string) =>
      namesSecret(name) ? before + hidden(value) : whole,
    );
}

/** The secret's place, its quotes kept. A reference to a secret stays readable. */
function hidden(value: string): string {
  if (/^["']?\$(?:[A-Za-z_]\w*|\{[^}]*\}|\(|["']?$)/.test(value)) return value;
  const [, open = '', close = ''] = /^(\\?["'])[\s\S]*?(\\?["'])?$/.exec(value) ?? [];
  return open !== '' && close === open ? `${open}${SECRET}${close}` : SECRET;
}

/** `DB_PASSWORD`, `access_token`, but not what tells of one: `TOKEN_COUNT`, `PASSWORD_FILE`. */
const namesSecret = (name: string): boolean =>
  !/(?:tokens|_(?:file|path|dir|count|length|limit|type|ttl|expiry|url|name|arn|version|enabled))$/i.test(
    name,
  ) && !/tokens?[_.-](?!id$)\w+$/i.test(name);
