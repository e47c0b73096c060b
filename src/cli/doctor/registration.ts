import { EVENTS } from '../settings/entry.ts';
import { faultsOf } from '../settings/faults.ts';
import type { HookFile } from '../settings/found.ts';
import { matchesAll, ownPlaces } from '../settings/read.ts';
import { type CheckGroup, type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** Is the hook registered, at which level, for every tool, and does any settings file switch it off? */
export const registration: CheckGroup = {
  name: 'hook',
  run({ files }: Patient) {
    const registered = files.filter(({ settings }) => ownPlaces(settings, 'PreToolUse').length > 0);
    const found = registered.flatMap(levelFindings);
    if (registered.length === 0) found.push(fail('it is not registered', 'blastguard init'));
    return [...found, ...files.flatMap((file) => fileFindings(file, registered))];
  },
};

function levelFindings(file: HookFile): readonly Finding[] {
  const { scope, path, settings } = file;
  const again = `blastguard init${scope === 'project' ? '' : ` --${scope}`}`;
  const mend = scope === 'plugin' ? 'claude plugin update blastguard@blastguard' : again;
  const missing = EVENTS.filter((event) => ownPlaces(settings, event).length === 0);
  if (missing.length > 0)
    return [warn(`${path} registers it, but not for ${missing.join(', ')} (${scope})`, mend)];
  const own = ownPlaces(settings, 'PreToolUse');
  if (!own.some(({ matcher }) => matchesAll(matcher)))
    return [fail(`${path} registers it for some tools only (${scope})`, mend)];
  return [ok(`registered in ${path} (${scope})`)];
}

function fileFindings(
  { scope, path, settings, fault }: HookFile,
  registered: readonly HookFile[],
): readonly Finding[] {
  const found: Finding[] = [];
  const edit = `edit ${path}`;
  if (fault !== undefined)
    found.push(fail(`Claude Code drops the whole of a settings file with a mistake in it: ${fault}`, edit));
  for (const each of faultsOf(settings))
    found.push(fail(`${path}: ${each}: Claude Code drops the whole file`, edit));
  // A managed hook is out of reach for the settings below it.
  if (registered.some((file) => file.scope === 'managed')) return found;
  if (settings.disableAllHooks === true)
    found.push(fail(`${path} (${scope}) switches all hooks off: \`disableAllHooks\` is true`, edit));
  if (scope !== 'managed') return found;
  if (settings.allowManagedHooksOnly === true)
    found.push(fail(`${path} lets managed hooks run alone`, 'sudo blastguard init --managed'));
  const pluginsOnly = settings.strictPluginOnlyCustomization;
  if (
    Array.isArray(pluginsOnly) &&
    pluginsOnly.includes('hooks') &&
    !registered.some((file) => file.scope === 'plugin')
  )
    found.push(fail(`${path} lets hooks of plugins run alone`, 'sudo blastguard init --managed'));
  return found;
}
