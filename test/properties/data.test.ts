import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deniedCommands, singleQuoted as q, verdictOf } from './denied.ts';
import './seed.ts';

/** Ways to speak of a command without running it. */
const mentions: Readonly<Record<string, (text: string) => string>> = {
  'a commit message': (text) => `git commit -m ${q(`never run ${text} here`)}`,
  'a commit message of several lines': (text) => `git commit -m ${q(`Explain the outage\n\n${text}\n`)}`,
  'a message from a here-document': (text) => `git commit -F - <<'EOF'\n${text}\nEOF`,
  'a message from a substitution': (text) => `git commit -m "$(cat <<'EOF'\n${text}\nEOF\n)"`,
  echo: (text) => `echo ${q(text)}`,
  'echo to a file': (text) => `echo ${q(text)} >> docs/notes.md`,
  printf: (text) => `printf '%s\\n' ${q(text)}`,
  'a here-document to a file': (text) => `cat > docs/runbook.md <<'EOF'\n# Runbook\n${text}\nEOF`,
  'tee of a here-document': (text) => `tee docs/runbook.md <<'EOF' > /dev/null\n${text}\nEOF`,
  'a comment': (text) => `ls # ${text}`,
  'a comment on a line of its own': (text) => `# ${text}\nls -la`,
  grep: (text) => `grep -rn ${q(text)} docs`,
  'grep -e': (text) => `grep -e ${q(text)} README.md | head`,
  rg: (text) => `rg --fixed-strings ${q(text)}`,
  'a variable that nobody runs': (text) => `NOTE=${q(text)}; echo "$NOTE"`,
  'a test': (text) => `[ "$LAST" = ${q(text)} ] && echo same`,
  'a pull request': (text) => `gh pr create --title "Guard" --body ${q(text)}`,
  'a case pattern': (text) => `case "$x" in ${q(text)}) echo yes;; esac`,
  'a here-string to cat': (text) => `cat <<< ${q(text)}`,
  'a printed string in Python': (text) => `python3 -c ${q(`print(${JSON.stringify(text)})`)}`,
};

describe('a command that is only spoken of is no finding', () => {
  test.each(Object.keys(mentions))('in %s', (name) => {
    const mention = mentions[name] as (text: string) => string;
    fc.assert(
      fc.property(fc.constantFrom(...deniedCommands), (text) => {
        const line = mention(text);
        expect([line, verdictOf(line)]).toEqual([line, 'pass']);
      }),
      { numRuns: 40 },
    );
  });
});
