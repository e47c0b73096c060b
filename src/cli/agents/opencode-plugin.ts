/** The plugin that OpenCode loads. It runs in OpenCode's own process, so it does as little as it can. */
export const pluginText = (
  argv: readonly string[],
): string => `// Written by \`blastguard init --agent opencode\`.
import { spawnSync } from 'node:child_process';

const [program, ...words] = ${JSON.stringify(argv)};

export const Blastguard = async ({ directory }) => ({
  'tool.execute.before': async ({ tool, sessionID, callID }, { args }) => {
    const hook = spawnSync(program, words, {
      input: JSON.stringify({ tool, sessionID, callID, directory, args: args ?? {} }),
      cwd: directory,
      encoding: 'utf8',
      timeout: 10000,
    });
    const said = (hook.stdout ?? '').trim();
    if (hook.status === 0 && said === '') return;
    let reason = (hook.stderr ?? '').trim();
    try {
      reason = JSON.parse(said).reason ?? reason;
    } catch {
      // what is on standard error has to do
    }
    throw new Error(reason || 'blastguard did not answer, so this call is denied');
  },
});
`;
