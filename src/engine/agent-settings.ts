import type { Facts } from '../model/facts.ts';
import { fitsText } from '../policy/glob.ts';

/** Where other agents than Claude Code are told to start the guard, in a project or below the home directory. */
const files = [
  '.codex/hooks.json',
  '.codex/config.toml',
  '.copilot/hooks/blastguard.json',
  '.cursor/hooks.json',
  '.gemini/settings.json',
  '.github/hooks/blastguard.json',
  '.opencode/plugins/blastguard.js',
  '.config/opencode/plugins/blastguard.js',
  '.qwen/settings.json',
  '.windsurf/hooks.json',
  '.codeium/windsurf/hooks.json',
];

/**
 * Whether what happens to `path` (`whole`: and to all below it) reaches a file through which another agent starts the
 * guard. Files that do not name it, as in most projects, are anyone's.
 */
export const holdsGuardEntry = (path: string, whole: boolean, facts: Facts): boolean =>
  files.some((file) => candidatesFor(path, file, whole).some((found) => namesGuard(found, facts)));

function candidatesFor(path: string, file: string, whole: boolean): readonly string[] {
  if (path.endsWith(`/${file}`)) return [path];
  const parts = file.split('/');
  const cut = path.lastIndexOf('/');
  const [dir, name] = [path.slice(0, cut), path.slice(cut + 1)];
  const last = parts.at(-1) ?? '';
  if (/[*?]/.test(name) && dir.endsWith(`/${parts.slice(0, -1).join('/')}`) && fitsText(name, last))
    return [`${dir}/${last}`];
  if (!whole) return [];
  return parts.slice(1).flatMap((_, i) => {
    const [above, below] = [parts.slice(0, i + 1), parts.slice(i + 1)];
    return path.endsWith(`/${above.join('/')}`) ? [`${path}/${below.join('/')}`] : [];
  });
}

function namesGuard(file: string, facts: Facts): boolean {
  // What switches Codex's hooks off stands in another file than they do.
  const holder = file.replace(/\/config\.toml$/, '/hooks.json');
  return facts.readText(holder, 1 << 20)?.includes('blastguard') === true;
}
