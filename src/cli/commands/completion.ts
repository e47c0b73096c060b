import { UsageError } from '../args.ts';
import type { CliCommand } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { ExitCode } from '../terminal.ts';

const writers = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);
const shells = [...writers.keys()];

export const completion: CliCommand = {
  name: 'completion',
  summary: 'Print what makes a shell complete the commands and options of blastguard.',
  usage: shells.join(' | '),
  operands: true,
  words: shells,
  options: {},
  examples: [
    ['eval "$(blastguard completion bash)"', 'in ~/.bashrc'],
    ['blastguard completion bash > ~/.local/share/bash-completion/completions/blastguard', 'for good'],
    ['blastguard completion zsh > ~/.zfunc/_blastguard', 'where ~/.zfunc is in $fpath before compinit'],
    ['blastguard completion fish > ~/.config/fish/completions/blastguard.fish', 'for good'],
  ],
  async run({ operands }, terminal): Promise<ExitCode> {
    const [shell = '', ...surplus] = operands;
    const write = writers.get(shell);
    if (write === undefined || surplus.length > 0)
      throw new UsageError(`name one shell: ${shells.join(', ')}`);
    const { commands } = await import('./index.ts');
    terminal.out(write(commands));
    return 0;
  },
};
