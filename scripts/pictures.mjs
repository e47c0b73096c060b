// Draws what a command prints on a terminal: its real output, in a scratch home, as an SVG for the README.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/cli.cjs');
const COLUMNS = 110;
const CELL = { width: 8.4, height: 20 };
const PADDING = 16;
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };

/** What `blastguard ARGS` prints in colour. Throws when it ends otherwise than expected. */
function outputOf(args, status) {
  const top = mkdtempSync(join(tmpdir(), 'blastguard-picture-'));
  try {
    const cwd = join(top, 'shop');
    mkdirSync(cwd);
    const env = { PATH: process.env.PATH, HOME: top, FORCE_COLOR: '1' };
    const run = spawnSync(process.execPath, [cli, ...args], { cwd, env, encoding: 'utf8' });
    if (run.status !== status) throw new Error(`blastguard ${args.join(' ')}: ${run.status} ${run.stderr}`);
    return run.stdout;
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

/** The runs of equal style in a text with escape sequences. */
function* runsOf(text) {
  let style = {};
  for (const [, codes, plain] of text.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (plain !== undefined) yield { plain, style };
    else for (const code of codes.split(';').map(Number)) style = after(style, code);
  }
}

function after(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  return { ...style, colour: COLOURS[code] ?? style.colour };
}

/** Each run with its place, broken at the edge as a terminal breaks. */
function placed(text) {
  const pieces = [];
  let row = 0;
  let column = 0;
  for (const { plain, style } of runsOf(text))
    for (const [piece] of plain.matchAll(/\n|[^\n]+/g)) {
      if (piece === '\n') {
        row += 1;
        column = 0;
        continue;
      }
      for (let rest = piece; rest !== ''; ) {
        if (column === COLUMNS) {
          row += 1;
          column = 0;
        }
        const fits = rest.slice(0, COLUMNS - column);
        // Viewers drop spaces at the edges of a text.
        const indent = fits.length - fits.trimStart().length;
        pieces.push({ text: fits.trim(), style, row, column: column + indent });
        column += fits.length;
        rest = rest.slice(fits.length);
      }
    }
  return { pieces, rows: row + (column > 0 ? 1 : 0) };
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawn({ text, style, row, column }) {
  const place = `x="${(PADDING + column * CELL.width).toFixed(1)}" y="${PADDING + (row + 0.75) * CELL.height}"`;
  const length = `textLength="${(text.length * CELL.width).toFixed(1)}"`;
  const fill = style.colour === undefined ? '' : ` fill="${style.colour}"`;
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ' opacity="0.65"' : '';
  return `<text ${place} ${length}${fill}${weight}${opacity}>${escaped(text)}</text>`;
}

/** The picture of a terminal after `line`, which runs blastguard with `args` and ends with `status`. */
export function picture(line, args, status) {
  const { pieces, rows } = placed(`\u001b[1m$ ${line}\u001b[22m\n${outputOf(args, status)}`);
  const width = COLUMNS * CELL.width + 2 * PADDING;
  const height = rows * CELL.height + 2 * PADDING;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(line).replaceAll('"', '&quot;')}">`,
    '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    '<g font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" fill="#e6edf3" style="white-space: pre">',
    ...pieces.filter(({ text }) => text !== '').map(drawn),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}
