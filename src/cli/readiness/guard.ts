import { settingsFiles } from '../../host/places.ts';
import { faultText } from '../fault.ts';
import { configOf } from '../loaded-config.ts';
import { faultsOf } from '../settings/faults.ts';
import { ownPlaces, parseSettings, readSettingsText } from '../settings/read.ts';
import { type Checker, type Finding, missing, type Place, stands } from './layer.ts';

/** What everything else builds on: the hook that reads each call. */
export const guard: Checker = {
  name: 'guard',
  title: 'The guard itself',
  check: (place) => [...registration(place), ...configuration(place)],
};

function registration({ project, terminal }: Place): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, scope } of settingsFiles(project, project, terminal.env)) {
    try {
      const text = readSettingsText(path);
      if (text === undefined) continue;
      const settings = parseSettings(path, text);
      if (ownPlaces(settings, 'PreToolUse').length === 0) continue;
      const [fault] = faultsOf(settings);
      if (fault !== undefined)
        findings.push(missing(`${path}: ${fault}: Claude Code drops the whole file`, 'blastguard status'));
      else if (settings.disableAllHooks === true)
        findings.push(missing(`${path}: \`disableAllHooks\` is true`, 'blastguard status'));
      else findings.push(stands(`the hook is registered for this ${scope} (${path})`));
    } catch {
      // A managed drop-in directory, or a file that `status` speaks of.
    }
  }
  return findings.length > 0 ? findings : [missing('the hook is not registered', 'blastguard init')];
}

function configuration({ project, terminal }: Place): readonly Finding[] {
  try {
    const faults = configOf(project, terminal)
      .reports()
      .filter(({ fault }) => fault !== undefined);
    return faults.map(({ file, fault }) =>
      missing(`${file} is not in force: ${fault}`, 'blastguard compile'),
    );
  } catch (error) {
    const reason = faultText(error);
    return [missing(`the built-in policy cannot be read: ${reason}`, 'npm run build')];
  }
}
