import { known, type Word } from '../../../model/word.ts';
import { joinWords, unknown } from '../../state.ts';
import { argument, type CallSite, type Effect, flat, option, pathOf, type Row } from '../effect.ts';
import { isWord, listOf, type Path, textOf, toWord, truth, type Value } from '../value.ts';

/** Removes paths as `rm` would, or `find -delete` where a walk yields only some of the files. */
export function remove(site: CallSite, values: readonly Value[], recursive: boolean): Value {
  for (const value of flat(values)) {
    if (value.kind === 'path' && value.below !== undefined) {
      const all = value.below === '*';
      site.run.spawn(
        all
          ? [known('rm'), known('-rf'), value.word]
          : [known('find'), value.word, known('-name'), known(value.below), known('-delete')],
        {},
      );
      continue;
    }
    site.run.spawn([known('rm'), ...(recursive ? [known('-rf')] : []), toWord(value)], {});
  }
  return unknown('nothing');
}

const removeOne: Effect = (site) => remove(site, [argument(site, 0, 'path') ?? unknown('a path')], false);
const removeAll: Effect = (site) =>
  remove(
    site,
    site.args.filter((value) => value.kind !== 'dict'),
    false,
  );
const removeTree: Effect = (site) => remove(site, [argument(site, 0, 'path') ?? unknown('a path')], true);
const removeTrees: Effect = (site) =>
  remove(
    site,
    site.args.filter((value) => value.kind !== 'dict' && value.kind !== 'function'),
    true,
  );
const removeSelf: Effect = (site) =>
  site.receiver === undefined ? undefined : remove(site, [site.receiver], false);
const removeByOption: Effect = (site) => {
  const recursive = option(site, 'recursive');
  return remove(
    site,
    [site.args[0] ?? unknown('a path')],
    recursive !== undefined && truth(recursive) !== false,
  );
};

const move: Effect = (site) =>
  site.run.spawn([known('mv'), toWord(argument(site, 0, 'src')), toWord(argument(site, 1, 'dst'))], {});
const copy: Effect = (site) =>
  site.run.spawn([known('cp'), toWord(argument(site, 0, 'src')), toWord(argument(site, 1, 'dst'))], {});

/** Writes a file: `tee FILE` with what is written on its input. */
function write(site: CallSite, path: Value | undefined, content: Value | undefined, append: boolean): Value {
  const word = toWord(path);
  const input = content === undefined ? unknown('what the program writes') : toWord(content);
  return site.run.spawn([known('tee'), ...(append ? [known('-a')] : []), word], { input });
}

const writeFile: Effect = (site) => write(site, site.args[0], site.args[1], /append/i.test(site.path));
const writeSelf: Effect = (site) =>
  site.receiver?.kind === 'path' ? write(site, site.receiver, site.args[0], false) : undefined;
const linkTo: Effect = (site) =>
  site.run.spawn([known('ln'), known('-s'), toWord(site.args[0]), toWord(site.args[1])], {});
const changeMode: Effect = (site) =>
  site.run.spawn([known('chmod'), ...numeric(site.args[1]), toWord(site.args[0])], {});
const numeric = (value: Value | undefined): Word[] => [
  known(Number(textOf(value)) >= 0 ? Number(textOf(value)).toString(8) : ''),
];

/** `open(path, mode)`: writing empties the file at once. */
const open: Effect = (site) => {
  const self = site.receiver?.kind === 'path' ? site.receiver : undefined;
  const path = self ?? argument(site, 0, 'file');
  if (/^\d+$/.test(textOf(path) ?? '')) return undefined;
  const mode = argument(site, self ? 0 : 1, 'mode');
  const flags = mode === undefined ? 'r' : (textOf(mode) ?? 'w');
  if (path === undefined) return undefined;
  // Perl's open with a mode of its own and Ruby's with a leading `|` are rows of their languages.
  if (/[wax+>]/.test(flags) || flags.includes('w')) write(site, path, known(''), /a|>>/.test(flags));
  return { kind: 'thing', path: 'file', args: [path] };
};

const fileOf = (site: CallSite): Value | undefined =>
  site.receiver?.kind === 'thing' ? site.receiver.args?.[0] : undefined;

function content(site: CallSite, path: Value | undefined): Value {
  const word = toWord(path);
  if (word.kind === 'known' && (word.text === '0' || word.text === '/dev/stdin'))
    return site.run.host.input() ?? unknown('what is typed');
  site.run.spawn([known('cat'), word], {});
  const found = word.kind === 'known' ? site.run.host.file(word.text) : undefined;
  return found ?? unknown('the content of a file');
}

const read: Effect = (site) =>
  content(site, site.receiver?.kind === 'path' ? site.receiver : (fileOf(site) ?? site.args[0]));

/** Joins the parts of a path; an absolute part starts anew. */
const joinPath: Effect = (site) => {
  let below: Path | undefined;
  let words: Word[] = [];
  for (const value of flat(site.args)) {
    if (value.kind === 'path' && value.below !== undefined) below ??= value;
    const word = toWord(value);
    if (word.kind === 'known' && word.text.startsWith('/')) words = [];
    words.push(word);
  }
  if (below) return below;
  const joined = joinWords(words, '/');
  return joined.kind === 'known'
    ? known(
        joined.text
          .replace(/(?<=.)\/+$/, '')
          .replace(/\/{2,}/g, '/')
          .replace(/(\/\.)+(?=\/|$)/g, ''),
      )
    : joined;
};

/** A path as an object that has methods. */
const newPath: Effect = (site) => {
  const joined = site.args.length === 0 ? known('.') : joinPath(site);
  if (joined === undefined) return undefined;
  return joined.kind === 'path' ? joined : pathOf(toWord(joined));
};

const onPath =
  (compute: (path: Path, site: CallSite) => Value | undefined): Effect =>
  (site) =>
    site.receiver?.kind === 'path' ? compute(site.receiver, site) : undefined;

/** What matches a glob: names in one directory, or all below it. */
function matches(root: Word | undefined, pattern: Value | undefined, recursive: boolean): Value {
  const text = textOf(pattern);
  const name = text?.slice(text.lastIndexOf('/') + 1) ?? '*';
  const directory = text === undefined || !text.includes('/') ? '' : text.slice(0, text.lastIndexOf('/'));
  const top = directory.replace(/\/?\*\*.*$/, '');
  const start =
    root === undefined
      ? known(top === '' ? (text?.startsWith('/') ? '/' : '.') : top)
      : top === ''
        ? root
        : joinWords([root, known(`/${top}`)], '');
  if (recursive || text?.includes('**')) return listOf([pathOf(start, name === '**' ? '*' : name)]);
  if (text === undefined) return listOf([pathOf(start, '*')]);
  const whole = root === undefined ? known(text) : joinWords([root, known(`/${text}`)], '');
  return listOf([whole.kind === 'known' && /[*?[]/.test(whole.text) ? { ...whole, glob: true } : whole]);
}

const glob: Effect = (site) =>
  matches(
    undefined,
    site.args[0],
    truth(site.named.get('recursive')) === true && /\*\*/.test(textOf(site.args[0]) ?? ''),
  );

/** Names as paths that have methods. */
const asPaths = (found: Value): Value =>
  found.kind === 'list'
    ? listOf(
        found.items.map((item) => (isWord(item) ? pathOf(item) : item)),
        found.open,
      )
    : found;

/** A directory's entries: with names that nothing is known of, so each stands for something in it. */
const entries: Effect = (_site) => listOf([unknown('a name in a directory')], true);
const scanned: Effect = (site) => {
  const directory = site.receiver?.kind === 'path' ? site.receiver.word : toWord(site.args[0] ?? known('.'));
  return listOf([pathOf(joinWords([directory, known('/*')], ''))]);
};
const walked: Effect = (site) => {
  const root = toWord(argument(site, 0, 'top'));
  const name = unknown('a name in a directory');
  return listOf([listOf([pathOf(root, '*'), listOf([name]), listOf([name])])]);
};

const home: Effect = ({ run }) =>
  run.host.home === undefined ? unknown('the home directory') : known(run.host.home);
const homePath: Effect = ({ run }) =>
  pathOf(run.host.home === undefined ? unknown('the home directory') : known(run.host.home));
const here: Effect = ({ run }) =>
  run.host.cwd === undefined ? unknown('the directory') : known(run.host.cwd);
const expandHome: Effect = (site) => {
  const value = site.receiver?.kind === 'path' ? site.receiver : site.args[0];
  const word = toWord(value);
  const { home: dir } = site.run.host;
  const text =
    word.kind === 'known' && dir !== undefined
      ? known(word.text.replace(/^~(?=\/|$)/, dir).replace(/\$\{?HOME\}?/g, dir))
      : word;
  return value?.kind === 'path' ? pathOf(text) : text;
};
const temporary: Effect = () => joinWords([known('/tmp/tmp.'), unknown('a name is made for it')], '');
const variable = (site: CallSite): Value => {
  const name = textOf(site.args[0]);
  const value = name === undefined ? undefined : site.run.host.variable(name);
  return (
    value ??
    site.args[1] ??
    (name === 'HOME' && site.run.host.home !== undefined
      ? known(site.run.host.home)
      : unknown(`the variable ${name ?? ''} of the environment`))
  );
};
const variableNamed: Effect = (site) =>
  variable({ ...site, args: [known(site.path.slice(site.path.lastIndexOf('.') + 1))] });
const changeDirectory: Effect = (site) => {
  site.run.changeDirectory(toWord(site.args[0]));
  return undefined;
};
const directoryOf: Effect = (site) => {
  const word = toWord(site.receiver?.kind === 'path' ? site.receiver : site.args[0]);
  const text = word.kind === 'known' ? word.text : undefined;
  if (text === undefined) return unknown('a directory');
  const up = known(text.includes('/') ? text.replace(/\/+[^/]*\/*$/, '') || '/' : '.');
  return site.receiver?.kind === 'path' ? pathOf(up) : up;
};
const scriptFolder: Effect = ({ run }) => {
  const { script, cwd } = run.host;
  if (script === undefined) return known(cwd ?? '.');
  return known(script.includes('/') ? script.slice(0, script.lastIndexOf('/')) || '/' : (cwd ?? '.'));
};

export const pythonFiles: readonly Row[] = [
  ['os.remove os.unlink os.rmdir os.removedirs', removeOne],
  ['shutil.rmtree', removeTree],
  ['send2trash.send2trash', removeAll],
  ['os.rename os.renames os.replace shutil.move', move],
  ['shutil.copy shutil.copy2 shutil.copyfile shutil.copytree', copy],
  ['os.symlink os.link', linkTo],
  ['os.chmod os.lchmod', changeMode],
  ['os.truncate', (site) => write(site, site.args[0], known(''), false)],
  ['pathlib.Path pathlib.PosixPath pathlib.PurePath Path py.path.local', newPath],
  ['path.unlink', removeSelf],
  ['path.rmdir path.remove', removeSelf],
  ['path.rmtree', (site) => (site.receiver ? remove(site, [site.receiver], true) : undefined)],
  ['path.write_text path.write_bytes', writeSelf],
  ['path.touch', writeSelf],
  [
    'path.rename path.replace',
    (site) =>
      site.receiver
        ? site.run.spawn([known('mv'), toWord(site.receiver), toWord(site.args[0])], {})
        : undefined,
  ],
  [
    'path.chmod',
    (site) => site.run.spawn([known('chmod'), ...numeric(site.args[0]), toWord(site.receiver)], {}),
  ],
  ['path.open open io.open codecs.open', open],
  ['path.read_text path.read_bytes file.read file.readlines', read],
  ['file.readline', (site) => read(site)],
  ['file.write file.writelines', (site) => write(site, fileOf(site), site.args[0], true)],
  ['path.rglob', onPath((path, site) => matches(path.word, site.args[0], true))],
  ['path.glob', onPath((path, site) => asPaths(matches(path.word, site.args[0], false)))],
  ['path.iterdir', scanned],
  [
    'path.resolve path.absolute path.expanduser',
    (site) => (site.path.endsWith('expanduser') ? expandHome(site) : site.receiver),
  ],
  ['path.joinpath', (site) => newPath({ ...site, args: [site.receiver ?? known('.'), ...site.args] })],
  ['get:path.parent', directoryOf],
  ['get:path.path', (site) => site.receiver],
  ['get:path.name get:path.stem', () => unknown('a file name')],
  ['pathlib.Path.home Path.home', homePath],
  [
    'pathlib.Path.cwd Path.cwd',
    ({ run }) => pathOf(run.host.cwd === undefined ? unknown('the directory') : known(run.host.cwd)),
  ],
  ['os.path.join os.path.normpath os.path.abspath os.path.realpath posixpath.join', joinPath],
  ['os.path.expanduser os.path.expandvars', expandHome],
  ['os.path.dirname', directoryOf],
  ['os.getcwd', here],
  ['os.chdir', changeDirectory],
  ['os.listdir', entries],
  ['os.scandir', scanned],
  ['os.walk os.fwalk', walked],
  ['glob.glob glob.iglob', glob],
  ['os.getenv os.environ.get os.environb.get', variable],
  ['tempfile.mkdtemp tempfile.mktemp tempfile.TemporaryDirectory tempfile.gettempdir', temporary],
];

export const javascriptFiles: readonly Row[] = [
  [
    'fs.rmSync fs.rm fs.promises.rm fs/promises.rm fs.rmdirSync fs.rmdir fs.promises.rmdir fs/promises.rmdir',
    removeByOption,
  ],
  ['fs.unlinkSync fs.unlink fs.promises.unlink fs/promises.unlink', removeOne],
  [
    'fs-extra.removeSync fs-extra.remove fs-extra.emptyDirSync fs-extra.emptyDir rimraf rimraf.rimraf rimraf.rimrafSync rimraf.sync rimraf.native del del.sync del.deleteAsync del.deleteSync trash',
    removeTrees,
  ],
  ['fs-extra.rmSync fs-extra.rm fs-extra.rmdirSync fs-extra.rmdir', removeByOption],
  ['fs-extra.unlinkSync fs-extra.unlink', removeOne],
  ['Deno.removeSync Deno.remove', removeByOption],
  [
    'Bun.file().delete Bun.file().unlink',
    (site) => (site.receiver?.kind === 'thing' ? remove(site, site.receiver.args ?? [], false) : undefined),
  ],
  [
    'fs.renameSync fs.rename fs.promises.rename fs/promises.rename Deno.renameSync Deno.rename fs-extra.move fs-extra.moveSync',
    move,
  ],
  [
    'fs.copyFileSync fs.copyFile fs.cpSync fs.cp fs.promises.copyFile fs.promises.cp fs/promises.cp fs/promises.copyFile fs-extra.copy fs-extra.copySync',
    copy,
  ],
  ['fs.symlinkSync fs.symlink fs.linkSync fs.link', linkTo],
  ['fs.chmodSync fs.chmod fs.promises.chmod fs/promises.chmod', changeMode],
  [
    'fs.writeFileSync fs.writeFile fs.promises.writeFile fs/promises.writeFile fs.appendFileSync fs.appendFile fs.promises.appendFile fs/promises.appendFile fs.truncateSync fs.truncate fs.createWriteStream Deno.writeTextFileSync Deno.writeTextFile Deno.writeFileSync Deno.writeFile Bun.write fs-extra.writeFileSync fs-extra.writeFile fs-extra.outputFile fs-extra.outputFileSync fs-extra.writeJson fs-extra.writeJsonSync',
    writeFile,
  ],
  ['fs.openSync fs.open fs.promises.open fs/promises.open', open],
  [
    'fs.readFileSync fs.promises.readFile fs/promises.readFile Deno.readTextFileSync Deno.readTextFile',
    (site) => content(site, site.args[0]),
  ],
  ['fs.readdirSync fs.promises.readdir fs/promises.readdir Deno.readDirSync Deno.readDir', entries],
  [
    'fs.globSync glob.sync glob.globSync fast-glob.sync fast-glob glob.glob globby',
    (site) => matches(undefined, site.args[0], false),
  ],
  ['path.join path.resolve path.normalize path.posix.join path/posix.join', joinPath],
  ['path.dirname', directoryOf],
  ['os.homedir', home],
  ['os.tmpdir', () => known('/tmp')],
  ['fs.mkdtempSync fs.promises.mkdtemp fs/promises.mkdtemp Deno.makeTempDirSync Deno.makeTempDir', temporary],
  ['process.cwd Deno.cwd', here],
  ['process.chdir Deno.chdir', changeDirectory],
  ['Deno.env.get', variable],
];

export const rubyFiles: readonly Row[] = [
  [
    'FileUtils.rm_rf FileUtils.rm_r FileUtils.rmtree FileUtils.remove_dir FileUtils.remove_entry FileUtils.remove_entry_secure FileUtils.safe_unlink rm_rf rm_r',
    removeTrees,
  ],
  [
    'File.delete File.unlink FileUtils.rm FileUtils.rm_f FileUtils.remove Dir.rmdir Dir.delete Dir.unlink FileUtils.rmdir rm_f',
    removeAll,
  ],
  ['FileUtils.mv FileUtils.move File.rename', move],
  ['FileUtils.cp FileUtils.cp_r FileUtils.copy', copy],
  ['FileUtils.ln_s FileUtils.ln_sf File.symlink', linkTo],
  ['File.write IO.write File.binwrite', writeFile],
  ['File.truncate', (site) => write(site, site.args[0], known(''), false)],
  ['File.open File.new', open],
  ['File.read IO.read', (site) => content(site, site.args[0])],
  ['file.read', read],
  ['file.write file.puts file.print file.<<', (site) => write(site, fileOf(site), site.args[0], true)],
  ['Pathname.new Pathname', newPath],
  ['path.delete path.unlink path.rmdir', removeSelf],
  ['path.rmtree path.rm_rf', (site) => (site.receiver ? remove(site, [site.receiver], true) : undefined)],
  ['path.write', writeSelf],
  ['path.join path.+', (site) => newPath({ ...site, args: [site.receiver ?? known('.'), ...site.args] })],
  ['path.children path.each_child', scanned],
  ['path.glob', onPath((path, site) => asPaths(matches(path.word, site.args[0], false)))],
  ['Dir.glob Dir.[]', glob],
  ['Dir[]', glob],
  ['Dir.children Dir.entries Dir.each_child', entries],
  ['File.join', joinPath],
  ['File.expand_path', expandHome],
  ['File.dirname', directoryOf],
  ['Dir.home', home],
  ['Dir.pwd Dir.getwd', here],
  ['Dir.chdir', changeDirectory],
  ['Dir.mktmpdir Dir.tmpdir', temporary],
  ['ENV.fetch', variable],
];

export const perlFiles: readonly Row[] = [
  ['unlink rmdir', (site) => remove(site, site.args.length > 0 ? site.args : [unknown('$_')], false)],
  [
    'remove_tree rmtree File.Path.remove_tree File.Path.rmtree File.Remove.remove pathrmdir',
    (site) =>
      remove(
        site,
        site.args.filter((value) => value.kind !== 'dict'),
        true,
      ),
  ],
  ['rename move File.Copy.move mv', move],
  ['copy File.Copy.copy', copy],
  ['symlink link', linkTo],
  ['glob <>', glob],
  ['chdir', changeDirectory],
  ['truncate', (site) => write(site, site.args[0], known(''), false)],
  ['tempdir tempfile', temporary],
];

export const phpFiles: readonly Row[] = [
  ['unlink rmdir', removeOne],
  ['rename', move],
  ['copy', copy],
  ['symlink', linkTo],
  ['file_put_contents', writeFile],
  ['fopen', open],
  [
    'file_get_contents',
    (site) =>
      content(site, /^php:\/\/stdin$/.test(textOf(site.args[0]) ?? '') ? known('/dev/stdin') : site.args[0]),
  ],
  ['glob', glob],
  ['scandir', entries],
  ['getenv', variable],
  ['getcwd', here],
  ['chdir', changeDirectory],
  ['dirname', directoryOf],
  ['File.deleteDirectory File.cleanDirectory Storage.deleteDirectory', removeTrees],
];

export const otherFiles: readonly Row[] = [
  ['os.remove', removeOne],
  ['os.rename file.rename', move],
  [
    'unlink file.remove rm File.rm! File.rm',
    (site) => remove(site, site.args, truth(option(site, 'recursive')) === true),
  ],
  ['File.rm_rf! File.rm_rf', removeTrees],
  ['os.getenv Sys.getenv System.get_env', variable],
  ['setwd cd', changeDirectory],
  ['getwd pwd', here],
  ['list.files readdir', entries],
  ['Sys.glob', glob],
  ['File.deleteDir', removeTrees],
  ['file.path joinpath', joinPath],
];

export const goFiles: readonly Row[] = [
  ['os.Remove', removeOne],
  ['os.RemoveAll', removeTrees],
  ['os.Rename', move],
  ['os.WriteFile ioutil.WriteFile', writeFile],
];

/** Names that hold a value without a call. */
export const values = { variableNamed, scriptFolder };
