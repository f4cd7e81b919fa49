/** The heatmap as a figure for papers, black on white: laid out once, written as SVG or painted as PNG. */
import type { HeatRow } from '../ui/heat-rows';

type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string; hatched: boolean }
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

/** Sections stand below each other, each with a heading and the same columns. */
export function drawHeatmap(
  columns: readonly string[],
  sections: readonly { title: string; rows: readonly HeatRow[] }[],
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
          ...{
            width: cellWidth - 2,
            height: cellHeight - 2,
            fill: colour(cell.share),
            hatched: cell.hatched,
          },
        }),
      );
      y += cellHeight;
    }
    y += 10;
  }
  return { width: Math.ceil(left + columns.length * cellWidth + 12), height: Math.ceil(y + 6), shapes };
}

function colour(share: number): string {
  const mixed = blue.map((value) => Math.round(247 + (value - 247) * Math.max(0, Math.min(1, share))));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function toSvg({ width, height, shapes }: Drawing): string {
  const body = shapes.map((shape) => {
    if (shape.kind === 'text') {
      const weight = shape.bold ? ' font-weight="600"' : '';
      return `<text x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}"${weight}>${escape(shape.text)}</text>`;
    }
    const at = `x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}"`;
    const rect = `<rect ${at} fill="${shape.fill}"/>`;
    return shape.hatched ? `${rect}<rect ${at} fill="url(#hatch)"/>` : rect;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${fontSize}">`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="#555"/></pattern></defs>',
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
    if (shape.hatched) hatch(context, shape);
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return await blob.arrayBuffer();
}

function hatch(
  context: OffscreenCanvasRenderingContext2D,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = '#555';
  context.lineWidth = 1;
  context.beginPath();
  for (let from = x - height; from < x + width; from += 8) {
    context.moveTo(from, y + height);
    context.lineTo(from + height, y);
  }
  context.stroke();
  context.restore();
}
