import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerOf, direct, makePlace, payloadFor, play } from './play.ts';

/** What Claude Code runs while it loads a skill is no call of its own: it is judged with the call that loads it. */

const place = makePlace();
afterAll(place.remove);

const files = {
  '.claude/commands/wipe.md': 'Now: !`terraform destroy`\n',
  '.claude/commands/ops/wipe.md': '- !`cd infra\nterraform destroy`\n',
  '.claude/skills/teardown/SKILL.md': '---\nname: clean-up\n---\n```!\nls\nterraform destroy\n```\n',
  '.claude/skills/windows/SKILL.md': '---\nshell: powershell\n---\n!`iex "terraform destroy"`\n',
  '.claude/commands/show.md': '!`git log $ARGUMENTS`\n',
  '.claude/commands/first.md': '!`git log -- $0`\n',
  '.claude/commands/second.md': '!`git log $ARGUMENTS[1]`\n',
  '.claude/commands/named.md': '---\narguments: [from, to]\n---\n!`git log $from..$to`\n',
  '.claude/commands/told.md':
    'Never x!`terraform destroy`, nor `terraform destroy`.\n```sh\nterraform destroy\n```\n',
  '.claude/skills/hooked/SKILL.md':
    '---\nhooks:\n  PreToolUse:\n    - matcher: Bash\n      hooks:\n        - {type: command, command: "terraform destroy"}\n---\nHelp.\n',
  '.claude/skills/formatted/SKILL.md':
    '---\nhooks:\n  PostToolUse:\n    - hooks:\n        - type: command\n          command: npx prettier --check .\n---\nHelp.\n',
  '.claude/agents/cleaner.md':
    '---\nname: cleaner\nhooks:\n  Stop:\n    - hooks:\n        - type: command\n          command: |\n            cd infra\n            terraform destroy\n---\nClean.\n',
  '.claude/agents/serving.md':
    '---\nname: serving\nmcpServers:\n  x:\n    command: terraform\n    args: [destroy]\n---\nServe.\n',
  '.claude/agents/reader.md': '---\nname: reader\ntools: Read\n---\nterraform destroy\n',
  '.claude/commands/state.md': '---\ndescription: not !`terraform destroy`\n---\n!`git status --short`\n',
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(place.project, path)), { recursive: true });
  writeFileSync(join(place.project, path), text);
}
mkdirSync(join(place.home, '.claude/commands'), { recursive: true });
writeFileSync(join(place.home, '.claude/commands/mine.md'), '!`terraform destroy`\n');

const verdictOf = (skill: string, args?: string): Promise<string> =>
  verdictOn('Skill', args === undefined ? { skill } : { skill, args });

async function verdictOn(tool: string, given: object): Promise<string> {
  const input = payloadFor(place, tool, given);
  const played = await play(direct, { environment: place.environment, input });
  const { verdict, reason } = answerOf(played);
  return verdict === 'pass' ? verdict : `${verdict}: ${reason.split('\n', 1)[0]}`;
}

describe('a skill is judged by the commands that are run while it is loaded', () => {
  test.each<[skill: string, args: string | undefined, verdict: RegExp]>([
    ['wipe', undefined, /^deny: .*terraform\/destroy/],
    ['/wipe', 'prod', /^deny: .*terraform\/destroy/],
    ['ops:wipe', undefined, /^deny: .*terraform\/destroy/],
    ['teardown', undefined, /^deny: .*terraform\/destroy/],
    ['clean-up', undefined, /^deny: .*terraform\/destroy/],
    ['windows', undefined, /^deny: .*terraform\/destroy/],
    ['mine', undefined, /^deny: .*terraform\/destroy/],
    ['show', '--oneline; terraform destroy', /^deny: .*terraform\/destroy/],
    ['first', '"$(terraform destroy)"', /^deny: .*terraform\/destroy/],
    ['second', `a "; terraform destroy"`, /^deny: .*terraform\/destroy/],
    ['named', `a '; terraform destroy'`, /^deny: .*terraform\/destroy/],
    ['hooked', undefined, /^deny: .*terraform\/destroy/],
    ['formatted', undefined, /^pass$/],
    ['show', '--oneline -3', /^pass$/],
    ['show', undefined, /^pass$/],
    ['second', 'a b', /^pass$/],
    ['told', undefined, /^pass$/],
    ['state', 'terraform destroy', /^pass$/],
    ['not-there', 'terraform destroy', /^pass$/],
  ])('%s %j', async (skill, args, verdict) => {
    expect(await verdictOf(skill, args)).toMatch(verdict);
  });
});

test.each<[agent: string, verdict: RegExp]>([
  ['cleaner', /^deny: .*terraform\/destroy/],
  ['serving', /^deny: .*terraform\/destroy/],
  ['reader', /^pass$/],
  ['Explore', /^pass$/],
])('the agent %s is judged by what is started with it', async (agent, verdict) => {
  const given = { description: 'Look around', prompt: 'terraform destroy', subagent_type: agent };
  for (const tool of ['Agent', 'Task']) expect(await verdictOn(tool, given)).toMatch(verdict);
});
