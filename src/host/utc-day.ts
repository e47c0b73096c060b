const DAY = 86_400_000;
const DAYS_IN_400_YEARS = 146_097;

/**
 * The UTC date of a time in ms since 1970, as `2026-11-20`. Written out because a Date that is asked for its parts first
 * loads what it knows of time zones, a twentieth of all that a passing call takes. Counted from 1 March of the year 0,
 * so that the leap day is the last of its year, in eras of 400 years.
 */
export function utcDay(time: number): string {
  const days = Math.floor(time / DAY) + 719_468;
  const era = Math.floor(days / DAYS_IN_400_YEARS);
  const ofEra = days - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
