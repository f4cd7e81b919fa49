/** The heatmap as a figure for papers, black on white: laid out once, written as SVG or painted as PNG. */
import type { Hatch, HeatCell, HeatRow } from '../ui/heat-rows';

type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string; hatch: Hatch | null }
  | { kind: 'text'; x: number; y: number; text: string; anchor: 'start' | 'middle' | 'end'; bold: boolean };

export interface Drawing {
  width: number;
  height: number;
  shapes: Shape[];
}

const cellWidth = 64;
const cellHeight = 20;
const fontSize = 12;
const blue = [31, 100, 180];
/** Of stripes and dots: it stands out from the full blue too. */
const ink = '#222';
/** From stripe to stripe and from dot to dot, and a dot's radius. */
const step = 6;
const radius = 1.1;

/** One line of the key. */
export type KeyEntry = Pick<HeatCell, 'share' | 'hatch' | 'text'>;

/** Sections stand below each other, each with a heading and the same columns; the key stands below them. */
export function drawHeatmap(
  columns: readonly string[],
  sections: readonly { title: string; rows: readonly HeatRow[] }[],
  key: readonly KeyEntry[],
): Drawing {
  const longest = Math.max(0, ...sections.flatMap(({ rows }) => rows.map((row) => row.label.length)));
  const left = 24 + longest * fontSize * 0.56;
  const shapes: Shape[] = [];
  let y = 12;
  for (const { title, rows } of sections) {
    if (rows.length === 0) continue;
    y += 16;
    shapes.push({ kind: 'text', x: 12, y, text: title, anchor: 'start', bold: true });
    columns.forEach((name, index) =>
      shapes.push({
        ...{ kind: 'text', x: left + (index + 0.5) * cellWidth, y, text: name },
        ...{ anchor: 'middle', bold: true },
      }),
    );
    y += 8;
    for (const row of rows) {
      const baseline = y + cellHeight / 2 + fontSize * 0.35;
      shapes.push({ kind: 'text', x: left - 8, y: baseline, text: row.label, anchor: 'end', bold: false });
      row.cells.forEach((cell, index) =>
        shapes.push({
          ...{ kind: 'rect', x: left + index * cellWidth + 1, y: y + 1 },
          ...{ width: cellWidth - 2, height: cellHeight - 2, fill: colour(cell.share), hatch: cell.hatch },
        }),
      );
      y += cellHeight;
    }
    y += 10;
  }
  for (const { share, hatch, text } of key) {
    const at = { x: 12, y: y + 2, width: 28, height: 14 };
    shapes.push({ kind: 'rect', ...at, fill: colour(share), hatch });
    shapes.push({ kind: 'text', x: 48, y: y + 13, text, anchor: 'start', bold: false });
    y += cellHeight;
  }
  const widest = Math.max(0, ...key.map(({ text }) => 48 + text.length * fontSize * 0.56));
  const width = Math.ceil(Math.max(left + columns.length * cellWidth, widest) + 12);
  return { width, height: Math.ceil(y + 6), shapes };
}

function colour(share: number): string {
  const mixed = blue.map((value) => Math.round(247 + (value - 247) * Math.max(0, Math.min(1, share))));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const pattern = (id: Hatch, more: string, content: string): string =>
  `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" ${more}>${content}</pattern>`;

export function toSvg({ width, height, shapes }: Drawing): string {
  const body = shapes.map((shape) => {
    if (shape.kind === 'text') {
      const weight = shape.bold ? ' font-weight="600"' : '';
      return `<text x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}"${weight}>${escape(shape.text)}</text>`;
    }
    const at = `x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}"`;
    const rect = `<rect ${at} fill="${shape.fill}"/>`;
    return shape.hatch ? `${rect}<rect ${at} fill="url(#${shape.hatch})"/>` : rect;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${fontSize}">`,
    `<defs>${pattern('still', 'patternTransform="rotate(45)"', `<line x1="0" y1="0" x2="0" y2="${step}" stroke="${ink}"/>`)}`,
    `${pattern('few', '', `<circle cx="${step / 2}" cy="${step / 2}" r="${radius}" fill="${ink}"/>`)}</defs>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** The file of a PNG at twice the size. */
export async function toPng({ width, height, shapes }: Drawing): Promise<ArrayBuffer> {
  const scale = 2;
  const canvas = new OffscreenCanvas(width * scale, height * scale);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    if (shape.kind === 'text') {
      context.fillStyle = '#000';
      context.font = `${shape.bold ? '600 ' : ''}${fontSize}px sans-serif`;
      context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
      context.fillText(shape.text, shape.x, shape.y);
      continue;
    }
    context.fillStyle = shape.fill;
    context.fillRect(shape.x, shape.y, shape.width, shape.height);
    if (shape.hatch) paintHatch(context, shape, shape.hatch);
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return await blob.arrayBuffer();
}

function paintHatch(
  context: OffscreenCanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  hatch: Hatch,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  if (hatch === 'still') {
    // As far apart as in the SVG, measured along the edge of the cell.
    for (let from = x - height; from < x + width; from += step * Math.SQRT2) {
      context.moveTo(from, y + height);
      context.lineTo(from + height, y);
    }
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.stroke();
  } else {
    for (let down = y + step / 2; down < y + height; down += step) {
      for (let across = x + step / 2; across < x + width; across += step) {
        context.moveTo(across + radius, down);
        context.arc(across, down, radius, 0, 2 * Math.PI);
      }
    }
    context.fillStyle = ink;
    context.fill();
  }
  context.restore();
}
