/**
 * Paths of Windows as the engine writes them: `C:\Users\me` is `/C:/Users/me`, `\\server\share` is `/server/share`. Any
 * other path stays as it is.
 */
export function slashedPath(path: string): string {
  const plain = path.replace(/^\\\\[?.]\\(?:UNC(?=\\))?/, (prefix) => (prefix.endsWith('UNC') ? '\\' : ''));
  if (/^[A-Za-z]:(?:[\\/]|$)/.test(plain))
    return `/${plain.charAt(0).toUpperCase()}${plain.slice(1).replaceAll('\\', '/')}`;
  return plain.startsWith('\\\\') ? plain.slice(1).replaceAll('\\', '/') : path;
}

/** The drive in a path of Git Bash, MSYS, Cygwin or WSL: `/c/Users`, `/cygdrive/c/Users`, `/mnt/c/Users`. */
export const withDrive = (path: string): string =>
  path.replace(
    /^\/(?:cygdrive\/|mnt\/)?([A-Za-z])(?=\/|$)/,
    (_, letter: string) => `/${letter.toUpperCase()}:`,
  );

/** A path of the engine as Windows has it; one without a drive stays as it is. */
export function nativePath(path: string): string {
  const [, drive, rest = ''] = /^\/([A-Z]:)(\/.*)?$/.exec(withDrive(path)) ?? [];
  return drive === undefined ? path : `${drive}${(rest === '' ? '/' : rest).replaceAll('/', '\\')}`;
}

export const isWindowsPath = (path: string): boolean => slashedPath(path) !== path;
