import type { Facts } from '../model/facts.ts';
import { isWindowsPath, slashedPath, withDrive } from '../model/windows-path.ts';
import type { Word } from '../model/word.ts';
import type { Place } from './predicates/places.ts';

/**
 * The places that a word can name as a path, one set for each path it can be; undefined when it can be any path.
 * `cwd` is where the command runs, undefined when that is not known.
 */
export function placesOf(
  word: Word,
  cwd: string | undefined,
  facts: Facts,
): ReadonlySet<Place>[] | undefined {
  const texts = possiblePaths(word);
  const sets: ReadonlySet<Place>[] = [];
  for (const text of texts ?? []) {
    const path = absolute(text, cwd, facts);
    if (path === undefined) return undefined;
    // `link/` is what the link leads to, for rm of BSD and macOS.
    const followed = /.\/$/.test(text) ? facts.realPath(path) : path;
    sets.push(placesOfPath(followed, cwd ?? facts.cwd, facts));
  }
  return texts === undefined ? undefined : sets;
}

/** The paths that a word can be. A hole stands for nothing or a name: `/tmp/$X` is `/tmp/` or `/tmp/…`. */
function possiblePaths(word: Word): string[] | undefined {
  if (word.kind === 'known') return [word.text];
  if (word.kind === 'one-of') return [...word.texts];
  const [first] = word.pieces;
  if (first === null || first === undefined || first === '') return undefined;
  return ['', 'unknown-name'].map((hole) => word.pieces.map((piece) => piece ?? hole).join(''));
}

/** A path made absolute, `.` and `..` resolved by text; undefined when it depends on an unknown directory. */
export function absolute(text: string, cwd: string | undefined, facts: Facts): string | undefined {
  const onWindows = isWindowsPath(facts.cwd);
  const whole = slashedPath(text);
  const slashed = onWindows ? withDrive(whole.replaceAll('\\', '/')) : whole;
  if (slashed.startsWith('/')) return normalise(slashed);
  // `C:name` is in the directory that is current on that drive.
  if (onWindows && /^[A-Za-z]:/.test(slashed)) return normalise(slashedPath(slashed.replace(':', ':/')));
  if (slashed === '~' || slashed.startsWith('~/')) {
    return facts.home === undefined ? undefined : normalise(`${slashedPath(facts.home)}/${slashed.slice(1)}`);
  }
  return cwd === undefined ? undefined : normalise(`${slashedPath(cwd)}/${slashed}`);
}

export function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export const isBelow = (path: string, dir: string): boolean =>
  dir === '/' ? path !== '/' : path.startsWith(`${dir}/`) && path.length > dir.length + 1;

const systemDirs = [
  '/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/opt', '/proc', '/root', '/run', '/sbin', '/sys', '/usr',
  '/var', '/Applications', '/Library', '/System', '/private/etc', '/private/var',
]; // biome-ignore format: one list
const userDirs = ['/home', '/Users'];
const harmlessDevices =
  /^\/dev\/(?:null|zero|full|random|urandom|tty|std(?:in|out|err)|fd(?:\/.*)?|shm\/.+|pts\/\d+|ptmx)$/;

/** Names that build tools give to what they can make again. */
const generated = new Set([
  'node_modules', 'bower_components', 'dist', 'build', 'out', 'target', 'bin', 'obj', 'coverage', 'htmlcov', '.nyc_output', 'tmp', 'temp',
  '.tmp', '.temp', '.cache', 'cache', 'Caches', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.venv', 'venv',
  '.eggs', '.next', '.nuxt', '.output', '.svelte-kit', '.turbo', '.parcel-cache', '.vite', '.angular', '.gradle', '.terraform',
  '.terragrunt-cache', '.serverless', '.aws-sam', 'cdk.out', 'DerivedData', '.build', 'Pods', 'cmake-build-debug',
  'cmake-build-release', '_build', 'deps', '.stack-work', 'dist-newstyle', 'zig-cache', 'zig-out', '.dart_tool', '.expo', 'storybook-static',
  '.docusaurus', '.jekyll-cache', '_site', 'site', '.hypothesis', '.ipynb_checkpoints', 'test-results', 'playwright-report', '.bundle',
  '.yarn', '.pnpm-store', '.npm', 'wheelhouse', 'pip-wheel-metadata', '.sass-cache', '.eslintcache', '.DS_Store',
]); // biome-ignore format: one list
/** Of these, the names that mean a cache wherever they stand; `bin`, `build` or `out` do only inside a project. */
const cacheAnywhere =
  /(?:^|\/)(?:node_modules|\.cache|Caches|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.parcel-cache|\.npm|\.yarn\/cache|\.gradle\/caches|DerivedData|\.pnpm-store)(?:\/|$)/;

function placesOfPath(textual: string, cwd: string, facts: Facts): ReadonlySet<Place> {
  const places = new Set<Place>();
  const whole = /\/(?:\*|\.\*|\{[^/]*\*[^/]*\}|\*\*)$/.exec(textual);
  const path = resolve(whole ? textual.slice(0, whole.index) || '/' : textual, facts);
  const project = facts.realPath(facts.projectDir);
  const here = facts.realPath(cwd);
  const home = facts.home === undefined ? undefined : facts.realPath(facts.home);
  const temporary = facts.temporaryDirs.some((dir) => isBelow(path, dir));

  if (path === project || isBelow(project, path)) places.add('workspace');
  const isWorkplace = (dir: string) => dir !== '/' && dir !== home && !isBelow(project, dir);
  const inside = [project, here].some((dir) => isWorkplace(dir) && isBelow(path, dir));
  const clearsHere = path === here && isBelow(here, project);
  if (inside || clearsHere) places.add('inside-workspace');
  if (temporary) places.add('temporary');
  if (/\/\.git(?:\/|$)/.test(path)) places.add('version-control');
  if (/[*?[][^/]*$/.test(textual)) places.add('several');
  if (isBelow(path, '/dev') && !harmlessDevices.test(path)) places.add('device');
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (inside ? generated.has(name) || cacheAnywhere.test(path) : cacheAnywhere.test(path))
    places.add('generated');
  if (isHome(path, home)) places.add('home');
  if (!inside && !temporary && isRoot(path, home)) places.add('root');
  if (!inside && !clearsHere && !temporary) places.add('outside');
  return places;
}

/** Links are followed in the directories of a path; its last name is what the command acts on. */
function resolve(path: string, facts: Facts): string {
  const cut = path.lastIndexOf('/');
  const parent = facts.realPath(path.slice(0, cut) || '/');
  return normalise(`${parent}/${path.slice(cut + 1)}`);
}

function isHome(path: string, home: string | undefined): boolean {
  if (home !== undefined && (path === home || isBelow(home, path))) return true;
  return (
    path === '/root' ||
    userDirs.some((dir) => path === dir || (isBelow(path, dir) && !path.slice(dir.length + 1).includes('/')))
  );
}

function isRoot(path: string, home: string | undefined): boolean {
  if (path === '/' || !path.slice(1).includes('/')) return true;
  if (home !== undefined && isBelow(path, home)) return false;
  return (
    systemDirs.some((dir) => isBelow(path, dir)) ||
    /^\/[A-Za-z]:(?:\/(?:Windows|Program Files.*|Users)?)?$/i.test(path)
  );
}
