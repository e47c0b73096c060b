import type { Command, Reading } from '../../src/model/command.ts';
import type { Facts } from '../../src/model/facts.ts';
import { showWord } from '../../src/model/word.ts';
import { readPlain } from '../../src/shell/plain.ts';
import { readCommands } from '../../src/shell/read.ts';
import { readers } from './readers.ts';

export type World = {
  readonly cwd?: string;
  readonly projectDir?: string;
  readonly home?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Texts by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly ignoresCase?: boolean;
  /** Symbolic links by absolute path. */
  readonly links?: Readonly<Record<string, string>>;
};

/** A world that exists nowhere: what a decision may ask about the machine, from a few literals. */
export function pretend(world: World = {}): Facts {
  const { cwd = '/home/dev/project', projectDir = cwd, home = '/home/dev', files = {}, links = {} } = world;
  return {
    cwd,
    projectDir,
    home,
    temporaryDirs: ['/tmp', '/var/tmp'],
    environment: world.environment ?? {},
    ignoresCase: world.ignoresCase ?? false,
    guard: {
      settings: [`${home}/.claude/settings.json`, `${projectDir}/.claude/settings.json`],
      program: ['/opt/blastguard/dist'],
      state: [`${home}/.local/state/blastguard`],
      switchName: '.claude-stop',
    },
    realPath(path) {
      const link = Object.keys(links).find((from) => path === from || path.startsWith(`${from}/`));
      return link === undefined ? path : `${links[link]}${path.slice(link.length)}`;
    },
    readText: (path, limit) => {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      return text !== undefined && text.length <= limit ? text : undefined;
    },
    list: (path) => [
      ...new Set(
        Object.keys(files).flatMap((file) =>
          file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0] ?? ''] : [],
        ),
      ),
    ],
    isDirectory: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
  };
}

/** Reads a line as the hook does: plain lines without the grammar, all others with it. */
export const readLine = (text: string, world?: World): Reading => {
  const facts = pretend(world);
  return readPlain(text, facts) ?? readCommands(text, 'shell', facts, () => {}, readers);
};

/** A command as one text: known words as they are, alternatives as `{a,b}`, a hole as `…`. */
export const shown = (command: Command): string => command.words.map(showWord).join(' ');

/** The programs that a line runs, each once, as texts. */
export const commandsIn = (text: string, world?: World): readonly string[] => [
  ...new Set(
    readLine(text, world)
      .commands.filter(({ words }) => words.length > 0)
      .map(shown),
  ),
];
