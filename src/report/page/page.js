// The page of a report. Everything that an agent wrote is put in as text, never as markup.
const data = JSON.parse(document.getElementById('data').textContent);
const HOUR = 3_600_000;
const keys = ['project', 'tool', 'rule', 'environment'];
const verdicts = ['deny', 'ask', 'pass'];
const words = { deny: 'denied', ask: 'asked', pass: 'passed' };
const byId = (id) => document.getElementById(id);
const form = byId('filters');
const numbers = new Intl.NumberFormat('en');
const number = (value) => numbers.format(value);
const when = (time) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** Control characters and marks that change the direction of text, spelled out. */
const visible = (text) =>
  String(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.map((child) => (child instanceof Node ? child : visible(child))));
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// What is shown: the filters, and a span of time in ms.
let span = [data.first, data.last + 1];
const zooms = [];
const chosen = (key) => form.elements[key].value;

function matching() {
  const wanted = keys.map((key) => (chosen(key) === '' ? -1 : Number(chosen(key))));
  return data.cells.filter((cell) => {
    const time = cell[0] * HOUR;
    return (
      time + HOUR > span[0] &&
      time < span[1] &&
      wanted.every((want, i) => want === -1 || cell[i + 1] === want)
    );
  });
}

const shows = (verdict) => chosen('verdict') === '' || chosen('verdict') === verdict;
const countsOf = (cell) => verdicts.map((verdict, i) => (shows(verdict) ? cell[5 + i] : 0));

function callShown(call) {
  const text = chosen('text').toLowerCase();
  return (
    call.time >= span[0] &&
    call.time < span[1] &&
    shows(call.verdict) &&
    keys.every((key) => chosen(key) === '' || data.names[key][Number(chosen(key))] === call[key]) &&
    (text === '' || `${call.input} ${call.rule} ${call.tool} ${call.session}`.toLowerCase().includes(text))
  );
}

function fillFilters() {
  for (const key of keys) {
    const select = form.elements[key];
    select.append(element('option', { value: '' }, 'all'));
    const sorted = data.names[key].map((name, i) => [name, i]).sort((a, b) => a[0].localeCompare(b[0]));
    for (const [name, i] of sorted) select.append(element('option', { value: i }, name || '(none)'));
  }
}

function tiles(cells) {
  const sum = [0, 0, 0];
  for (const cell of cells) for (const [i, value] of countsOf(cell).entries()) sum[i] += value;
  const all = sum[0] + sum[1] + sum[2];
  const share = (value) => (all === 0 ? '' : ` · ${((value / all) * 100).toFixed(1)} %`);
  const rows = [
    ['', number(all), 'calls'],
    ['deny', number(sum[0]), `denied${share(sum[0])}`],
    ['ask', number(sum[1]), `asked${share(sum[1])}`],
    ['', number(sum[2]), `passed${share(sum[2])}`],
    ['', number(data.sessionCount), 'sessions in all'],
    ['', number(data.halted), 'stopped by the kill switch'],
  ];
  byId('tiles').replaceChildren(
    ...rows.map(([kind, value, label]) =>
      element('div', { class: `tile ${kind}` }, element('b', {}, value), element('span', {}, label)),
    ),
  );
}

const steps = [1, 3, 6, 12, 24, 48, 168, 336, 720, 2160].map((hours) => hours * HOUR);
let bars = [];
let cursor = -1;

function plot(cells) {
  const box = byId('plot');
  const width = Math.max(300, box.clientWidth);
  const height = 220;
  const left = 46;
  const bottom = 22;
  const length = Math.max(HOUR, span[1] - span[0]);
  const step = steps.find((size) => length / size <= 90) ?? steps.at(-1);
  const start = Math.floor(span[0] / step) * step;
  const count = Math.max(1, Math.ceil((span[1] - start) / step));
  bars = Array.from({ length: count }, (_, i) => ({
    from: start + i * step,
    to: start + (i + 1) * step,
    counts: [0, 0, 0],
  }));
  for (const cell of cells) {
    const bar = bars[Math.floor((cell[0] * HOUR - start) / step)];
    if (bar) for (const [i, value] of countsOf(cell).entries()) bar.counts[i] += value;
  }
  const top = Math.max(1, ...bars.map(({ counts }) => counts[0] + counts[1] + counts[2]));
  const scale = niceTop(top);
  const y = (value) => 8 + (height - bottom - 8) * (1 - value / scale);
  const each = (width - left - 4) / count;
  const svg = shape('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(
      shape('line', { class: 'grid', x1: left, x2: width, y1: y(scale * part), y2: y(scale * part) }),
    );
    const label = shape('text', { x: left - 6, y: y(scale * part) + 4, 'text-anchor': 'end' });
    label.textContent = number(Math.round(scale * part * 10) / 10);
    if (part === 0 || part === 1 || part === 0.5) svg.append(label);
  }
  for (const [i, bar] of bars.entries()) {
    let below = 0;
    for (const [k, verdict] of ['deny', 'ask', 'pass'].entries()) {
      const value = bar.counts[k];
      if (value === 0) continue;
      const high = y(below) - y(below + value);
      svg.append(
        shape('rect', {
          class: verdict,
          x: left + i * each + 0.5,
          width: Math.max(1, each - 1),
          y: y(below + value),
          height: Math.max(verdict === 'pass' ? 0 : 2, high),
        }),
      );
      below += value;
    }
    if (i === cursor)
      svg.append(
        shape('rect', { class: 'cursor', x: left + i * each, width: each, y: 0, height: height - bottom }),
      );
  }
  const labels = Math.max(1, Math.floor(width / 130));
  for (let i = 0; i < count; i += Math.ceil(count / labels)) {
    const label = shape('text', { x: left + i * each, y: height - 6 });
    label.textContent = step >= 24 * HOUR ? when(bars[i].from).slice(0, 10) : when(bars[i].from).slice(5);
    svg.append(label);
  }
  box.replaceChildren(svg);
  box.setAttribute('aria-label', `Calls over time, ${count} bars, most in one: ${number(top)}`);
  drag(svg, left, each);
  tell();
}

function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
    .map((factor) => factor * power)
    .find((candidate) => candidate >= value);
}

function drag(svg, left, each) {
  let from;
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    return Math.max(0, Math.min(bars.length - 1, Math.floor((x - left) / each)));
  };
  const mark = shape('rect', { class: 'span', y: 0, height: 198, x: 0, width: 0 });
  svg.append(mark);
  svg.addEventListener('pointerdown', (event) => {
    from = at(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('pointermove', (event) => {
    cursor = at(event);
    tell();
    if (from === undefined) return;
    const [a, b] = [Math.min(from, cursor), Math.max(from, cursor)];
    mark.setAttribute('x', left + a * each);
    mark.setAttribute('width', (b - a + 1) * each);
  });
  svg.addEventListener('pointerup', (event) => {
    const to = at(event);
    if (from !== undefined && from !== to) zoom(bars[Math.min(from, to)].from, bars[Math.max(from, to)].to);
    from = undefined;
  });
}

function zoom(from, to) {
  zooms.push(span);
  span = [from, to];
  cursor = -1;
  draw();
}

function tell() {
  const bar = bars[cursor];
  byId('plot-at').textContent = bar
    ? `${when(bar.from)} to ${when(bar.to)}: ${verdicts.map((verdict, i) => `${number(bar.counts[i])} ${words[verdict]}`).join(', ')}`
    : '';
}

byId('plot').addEventListener('keydown', (event) => {
  const move = { ArrowLeft: -1, ArrowRight: 1, Home: -bars.length, End: bars.length }[event.key];
  if (move !== undefined) {
    cursor = Math.max(0, Math.min(bars.length - 1, cursor + move));
    plot(matching());
  } else if (event.key === 'Enter' && bars[cursor]) zoom(bars[cursor].from, bars[cursor].to);
  else if (event.key === 'Backspace' && zooms.length > 0) {
    span = zooms.pop();
    draw();
  } else return;
  event.preventDefault();
});

function barsBy(key, cells) {
  const at = keys.indexOf(key) + 1;
  const sums = new Map();
  for (const cell of cells) {
    const sum = sums.get(cell[at]) ?? [0, 0, 0];
    sums.set(cell[at], sum);
    for (const [i, value] of countsOf(cell).entries()) sum[i] += value;
  }
  const weight = ([, [deny, ask, pass]]) => (deny + ask) * 1e9 + pass;
  const rows = [...sums]
    .filter(([i, sum]) => data.names[key][i] !== '' && sum[0] + sum[1] + sum[2] > 0)
    .sort((a, b) => weight(b) - weight(a));
  const top = Math.max(1, ...rows.map(([, sum]) => sum[0] + sum[1] + sum[2]));
  const box = byId(`by-${key}`);
  box.className = 'bars';
  box.replaceChildren(
    ...rows.slice(0, 10).map(([i, sum]) => {
      const pressed = chosen(key) === String(i);
      const choose = () => {
        form.elements[key].value = pressed ? '' : String(i);
        draw();
      };
      const label = sum
        .map((value, k) => (value > 0 ? `${number(value)} ${words[verdicts[k]]}` : ''))
        .filter(Boolean)
        .join(', ');
      return element(
        'button',
        { type: 'button', 'aria-pressed': pressed, onclick: choose, title: visible(data.names[key][i]) },
        element('span', { class: 'name' }, data.names[key][i]),
        element('span', { class: 'count' }, label),
        element('span', { class: 'bar' }, strip(sum, top)),
      );
    }),
  );
  if (rows.length === 0) box.append(element('p', { class: 'empty' }, 'nothing'));
  if (rows.length > 10)
    box.append(element('p', { class: 'empty' }, `and ${number(rows.length - 10)} more, in the filter above`));
}

function strip(sum, top) {
  const svg = shape('svg', { viewBox: '0 0 1000 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  let x = 0;
  for (const [k, verdict] of verdicts.entries()) {
    const width = (sum[k] / top) * 1000;
    svg.append(
      shape('rect', { class: verdict, x, y: 0, width: sum[k] > 0 ? Math.max(3, width) : 0, height: 6 }),
    );
    x += width;
  }
  return svg;
}

function table(heads, rows, empty) {
  if (rows.length === 0) return element('p', { class: 'empty' }, empty);
  return element(
    'div',
    { class: 'scroll', tabindex: 0 },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...heads.map((head) =>
            element(
              'th',
              { class: head.startsWith('#') ? 'number' : undefined, scope: 'col' },
              head.replace('#', ''),
            ),
          ),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
  );
}

const cell = (kind, ...children) => element('td', { class: kind }, ...children);
const code = (text) => element('code', {}, text);
const verdictMark = (verdict) =>
  element('span', { class: `verdict ${verdicts.includes(verdict) ? verdict : 'pass'}` }, verdict);

function stoppedCalls() {
  const found = data.stopped.filter(callShown);
  const rows = found
    .slice(0, 300)
    .map((call) =>
      element(
        'tr',
        {},
        cell('when', when(call.time)),
        cell('', verdictMark(call.verdict)),
        cell('', call.tool),
        cell('', code(call.input)),
        cell('', call.rule),
        cell('', call.environment),
        cell('', code(call.session.slice(0, 8))),
      ),
    );
  byId('stopped-list').replaceChildren(
    table(
      ['when (UTC)', 'verdict', 'tool', 'call', 'rule', 'environment', 'session'],
      rows,
      'no call was stopped that fits the filters',
    ),
  );
  if (found.length > 300)
    byId('stopped-list').append(element('p', { class: 'empty' }, `and ${number(found.length - 300)} more`));
}

function sessions() {
  const project = chosen('project') === '' ? undefined : data.names.project[Number(chosen('project'))];
  const text = chosen('text').toLowerCase();
  const found = data.sessions.filter(
    (session) =>
      session.last >= span[0] &&
      session.first < span[1] &&
      (project === undefined || session.project === project) &&
      (chosen('verdict') === '' || session[chosen('verdict')] > 0) &&
      (text === '' ||
        session.session.toLowerCase().includes(text) ||
        session.events.some((event) => `${event[2]} ${event[3]}`.toLowerCase().includes(text))),
  );
  const box = byId('sessions');
  box.replaceChildren();
  if (found.length === 0) box.append(element('p', { class: 'empty' }, 'no session fits the filters'));
  showMore(box, found, 0);
}

const PAGE = 25;

function showMore(box, found, from) {
  box.append(...found.slice(from, from + PAGE).map(sessionRow));
  const rest = found.length - from - PAGE;
  if (rest <= 0) return;
  const more = element('button', { type: 'button', class: 'more' }, `Show more (${number(rest)})`);
  more.addEventListener('click', () => {
    more.remove();
    showMore(box, found, from + PAGE);
    box.children[from + PAGE]?.querySelector('summary')?.focus();
  });
  box.append(more);
}

function sessionRow(session) {
  const row = element('details');
  row.append(
    element(
      'summary',
      {},
      code(session.session.slice(0, 8)),
      element('span', { class: 'when' }, when(session.first)),
      element('span', { class: 'lasted' }, lasting(session.last - session.first)),
      element('span', { class: 'lane' }, lane(session)),
      element('span', { class: 'counts' }, ...counts(session)),
    ),
  );
  row.addEventListener('toggle', () => {
    if (!row.open || row.childElementCount > 1) return;
    const rows = session.events.map(([time, what, tool, text]) =>
      element(
        'tr',
        {},
        cell('when', when(time).slice(11) + new Date(time).toISOString().slice(16, 19)),
        cell('', verdictMark(what)),
        cell('', tool),
        cell('', code(text)),
      ),
    );
    row.append(
      element('p', { class: 'note' }, `${session.project}; ${session.session}`),
      table(['at (UTC)', 'what', 'tool', ''], rows, 'no events'),
    );
  });
  return row;
}

function* counts({ deny, ask, pass }) {
  yield element('span', { class: 'verdict deny' }, deny > 0 ? `${number(deny)} ` : '');
  yield element('span', { class: 'verdict ask' }, ask > 0 ? `${number(ask)} ` : '');
  yield element('span', {}, number(pass));
}

function lasting(ms) {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / HOUR)} h`;
}

function lane({ first, last, events }) {
  const svg = shape('svg', { viewBox: '0 0 1000 16', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  svg.append(shape('line', { class: 'grid', x1: 0, x2: 1000, y1: 8, y2: 8 }));
  for (const verdict of ['pass', 'ask', 'deny'])
    for (const [time, what] of events) {
      if (what !== verdict) continue;
      const x = last === first ? 500 : 6 + ((time - first) / (last - first)) * 988;
      const high = verdict === 'pass' ? 6 : 14;
      svg.append(shape('rect', { class: verdict, x: x - 2.5, width: 5, y: 8 - high / 2, height: high }));
    }
  return svg;
}

function lists() {
  const why = {
    approved: 'asked, then approved',
    unlocked: 'denied, then unlocked',
    observed: 'would be stopped at a later stage',
  };
  byId('candidates').replaceChildren(
    table(
      ['#times', 'why', 'rule', 'call'],
      data.candidates
        .slice(0, 100)
        .map((each) =>
          element(
            'tr',
            {},
            cell('number', number(each.count)),
            cell('', why[each.why] ?? each.why),
            cell('', each.rule),
            cell('', code(each.input)),
          ),
        ),
      'nothing that was stopped was approved or unlocked afterwards',
    ),
  );
  byId('actions').replaceChildren(
    table(
      ['when (UTC)', 'what', 'who'],
      data.actions
        .slice(0, 200)
        .map((each) =>
          element('tr', {}, cell('when', when(each.time)), cell('', each.text), cell('', each.by)),
        ),
      'nobody threw a switch, changed the rollout or reviewed a session',
    ),
  );
  byId('slowest').replaceChildren(
    table(
      ['#ms', 'when (UTC)', 'tool', 'call'],
      data.slowest.map((each) =>
        element(
          'tr',
          {},
          cell('number', number(Math.round(each.took))),
          cell('when', when(each.time)),
          cell('', each.tool),
          cell('', code(each.input)),
        ),
      ),
      'no call was recorded',
    ),
  );
}

function draw() {
  const cells = matching();
  tiles(cells);
  plot(cells);
  for (const key of keys) barsBy(key, cells);
  stoppedCalls();
  sessions();
  const filters = keys
    .filter((key) => chosen(key) !== '')
    .map((key) => `${key} ${data.names[key][Number(chosen(key))] || '(none)'}`);
  if (chosen('verdict') !== '') filters.push(words[chosen('verdict')]);
  if (zooms.length > 0) filters.push(`${when(span[0])} to ${when(span[1])}`);
  byId('active').textContent = filters.length === 0 ? '' : `Only: ${visible(filters.join(', '))}`;
}

function clear() {
  form.reset();
  if (zooms.length > 0) [span] = zooms;
  zooms.length = 0;
  cursor = -1;
  draw();
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', draw);
byId('clear').addEventListener('click', clear);
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement?.tagName !== 'INPUT') {
    form.elements.text.focus();
    event.preventDefault();
  } else if (event.key === 'Escape') clear();
});
byId('theme').addEventListener('click', () => {
  const dark =
    document.documentElement.dataset.theme ??
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = dark === 'dark' ? 'light' : 'dark';
});
new ResizeObserver(() => plot(matching())).observe(byId('plot'));

byId('range').textContent =
  data.lines === 0 ? 'nothing was recorded' : `${when(data.first)} to ${when(data.last)} (UTC)`;
byId('made').textContent =
  `Made ${when(data.made)} (UTC) from ${number(data.lines)} lines of the audit log. This page loads nothing and sends nothing.`;
fillFilters();
lists();
draw();
