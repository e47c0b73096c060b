/**
 * The page for a report. `template` is the built page; the data go into it as JSON in which nothing can end the element
 * that holds it, and the page shows them as text alone.
 */
export function htmlReport(template: string, data: object): string {
  const [head = '', tail = ''] = template.split('/*DATA*/');
  if (tail === '') throw new Error('the page of the report is damaged: install blastguard again');
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return head + json + tail;
}
