/**
 * Makes the pictures of the walkthrough, media/walkthrough/*.png and *.svg, from the bundled model:
 * `npm run build && node packaging/walkthrough-images.mjs [FOLDER]`. To be run again when another generator is bundled; the
 * study is kept in FOLDER (default: a new one), so that a run that was stopped goes on.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const target = path.join(root, 'media', 'walkthrough');
const folder = process.argv[2] ?? mkdtempSync(path.join(os.tmpdir(), 'higan-walkthrough-'));
const file = path.join(folder, 'walkthrough.higan.yaml');

/** A few minutes on a processor; enough samples that most intervals are short. */
const study = `generator: rooms
predictors: [rooms, color]
seed: 7
probe: { samples: 2000, positives: 300, negatives: 300 }
rescore: { samples: 32, step: 2, layers: groups, top: 3, nulls: 4 }
concepts: [layout/corner, category/*, attribute/indoor lighting, attribute/warm, attribute/wood, color/brightness]
previews:
  light:
    samples: [8, 11, 22]
    edits: [{ concept: color/brightness, step: 2, layers: all }]
`;

/** Runs the built command line. @returns what it prints */
function higan(...args) {
  console.error(`higan ${args.join(' ')}`);
  const program = path.join(root, 'dist', 'higan.mjs');
  return execFileSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Readable on light and dark grounds alike. */
const colors = { text: '#8a8a8a', bar: '#3b8eea', still: '#8a8a8a', mark: '#d18616' };
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const label = (x, y, text, anchor = 'start') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colors.text}">${escape(text)}</text>`;
const svg = (title, width, height, parts) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
  `role="img" font-family="sans-serif" font-size="13">\n<title>${escape(title)}</title>\n${parts.join('\n')}\n</svg>\n`;

/** Bars of Δ with their intervals and, dotted, the most that a random direction reaches. */
function rankingPicture(rows) {
  const measured = rows.filter(({ delta }) => delta !== null).sort((a, b) => b.delta - a.delta);
  const scale = 300 / Math.max(...measured.map(({ delta, high }) => high ?? delta));
  const parts = measured.flatMap(({ concept, delta, low, high, null: chance, moves, tooFewMovers }, k) => {
    const y = 12 + 26 * k;
    const at = (value) => (170 + value * scale).toFixed(1);
    const color = moves ? colors.bar : colors.still;
    const lines = [
      label(162, y + 12, concept, 'end'),
      `<rect x="170" y="${y}" width="${(delta * scale).toFixed(1)}" height="16" fill="${color}" fill-opacity="${moves ? 0.9 : 0.25}" stroke="${color}"/>`,
    ];
    if (low !== null)
      lines.push(
        `<path d="M${at(low)} ${y + 8}H${at(high)}M${at(low)} ${y + 4}v8M${at(high)} ${y + 4}v8" stroke="${colors.text}" stroke-width="1.5" fill="none"/>`,
      );
    if (chance !== null)
      lines.push(
        `<path d="M${at(chance)} ${y - 3}v22" stroke="${colors.mark}" stroke-width="2" stroke-dasharray="3 2"/>`,
      );
    lines.push(label(490, y + 12, tooFewMovers ? 'too few movers' : moves ? 'moves' : 'does not move'));
    return lines;
  });
  return svg('Boundary ranking of the bundled rooms', 600, 16 + 26 * measured.length, parts);
}

/** Shares of each concept's largest Δ by layer set; what does not move there is hatched. */
function heatmapPicture(rows) {
  const sets = Object.keys(rows[0].layers);
  const parts = [
    `<defs><pattern id="still" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6L6 0" stroke="${colors.still}"/></pattern></defs>`,
    ...sets.map((name, s) => label(215 + 90 * s, 16, name, 'middle')),
  ];
  rows.forEach(({ concept, layers }, k) => {
    const y = 26 + 30 * k;
    const cells = sets.map((name) => layers[name]);
    const most = Math.max(...cells.map(({ delta, moves }) => (moves ? delta : 0)), 1e-9);
    parts.push(label(162, y + 18, concept, 'end'));
    cells.forEach(({ delta, moves }, s) => {
      const fill = moves
        ? `fill="${colors.bar}" fill-opacity="${Math.max(0.08, delta / most).toFixed(2)}"`
        : 'fill="url(#still)"';
      parts.push(
        `<rect x="${171 + 90 * s}" y="${y}" width="88" height="28" ${fill} stroke="${colors.still}" stroke-opacity="0.4"/>`,
      );
    });
  });
  return svg('Layer heatmap of the bundled rooms', 175 + 90 * sets.length, 32 + 30 * rows.length, parts);
}

mkdirSync(folder, { recursive: true });
writeFileSync(file, study);
higan('sample', 'rooms', '--seed', '7', '--indices', '0-15', '--sheet', path.join(target, 'samples.png'));
higan('run', file);
const ranking = JSON.parse(higan('rank', file, '--json'));
writeFileSync(path.join(target, 'ranking.svg'), rankingPicture(ranking));
const analysed = ranking.filter(({ layers }) => layers !== null);
writeFileSync(path.join(target, 'layers.svg'), heatmapPicture(analysed));
const images = path.join(folder, 'light');
higan('edit', file, 'light', '--steps', '-1,0,1', '--out', images);
copyFileSync(path.join(images, 'sheet.png'), path.join(target, 'light.png'));
