import packageJson from '../../package.json' with { type: 'json' };
import { openBuiltInPolicy } from '../host/policy-file.ts';

/** Distinguishes builds. Set when the bundle is made. */
declare const BUILD: string;

/** What `--version` prints: the version, the digest of the built-in rules and that of the sources. */
export function versionText(): string {
  const build = typeof BUILD === 'string' ? BUILD : 'none';
  return `${packageJson.version} (policy ${policyDigest()}, build ${build})\n`;
}

function policyDigest(): string {
  try {
    return openBuiltInPolicy().digest.slice(0, 12);
  } catch {
    return 'unreadable';
  }
}
