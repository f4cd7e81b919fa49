/** Text for terminals: width, colour, numbers. */
import process from 'node:process';

/** How text may look on one stream. */
export interface Look {
  /** Columns to fit into. */
  width: number;
  color: boolean;
}

/** Columns assumed where the stream does not say: a file or pipe that people will read. */
const plainWidth = 100;

/** What a stream can show. Honours NO_COLOR and FORCE_COLOR (https://no-color.org). */
export function lookOf(stream: NodeJS.WriteStream): Look {
  const forced = process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0';
  const forbidden = (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb';
  const color = !forbidden && (forced || stream.isTTY);
  const columns = stream.isTTY && stream.columns > 0 ? stream.columns : plainWidth;
  return { width: Math.max(60, Math.min(columns, 140)), color };
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Style = keyof typeof codes;

/** Text in a style, where the look has colour. */
export function styled(look: Look, style: Style, text: string): string {
  const close = style === 'bold' || style === 'dim' ? 22 : 39;
  return look.color && text !== '' ? `\x1b[${codes[style]}m${text}\x1b[${close}m` : text;
}

/** Columns that a text takes, styles not counted. */
export const widthOf = (text: string): number => {
  let width = 0;
  // eslint-disable-next-line no-control-regex
  for (const character of text.replace(/\x1b\[[0-9;]*m/g, '')) {
    const code = character.codePointAt(0) ?? 0;
    const none = code === 0x200d || (code >= 0x300 && code <= 0x36f) || (code >= 0xfe00 && code <= 0xfe0f);
    const wide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff);
    width += none ? 0 : wide ? 2 : 1;
  }
  return width;
};

/** Text cut to a width, its end shown as …; styled text is left as it is. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width || text.includes('\x1b')) return text;
  const kept: string[] = [];
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept.push(character);
  }
  return `${kept.join('').trimEnd()}…`;
}

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + text;

/** A text in lines of at most `width`, all but the first indented. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : indent + word);
  }
  return lines.join('\n');
}

/** 12345 → 12,345 */
export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** `1 image`, `4,000 images` */
export const counted = (n: number, noun: string): string =>
  `${count(n)} ${n === 1 ? noun.replace(/(ie)?s$/, (_, y) => (y ? 'y' : '')) : noun}`;

/** Two decimals, a real minus sign, nothing like -0.00. */
export function decimal(x: number | null, digits = 2): string {
  if (x === null || !Number.isFinite(x)) return '–';
  const text =
    Math.abs(x) >= 1000 ? count(Math.abs(x)) : Math.abs(x).toFixed(Math.abs(x) >= 100 ? 0 : digits);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export const percent = (x: number | null): string =>
  x === null ? '–' : `${(100 * x).toFixed(x < 0.1 ? 1 : 0)} %`;

/** 8 s, 2 min 10 s, 3 h 05 min */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

/** 640 B, 12.3 MB, 4.1 GB (powers of 1,000) */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  let value = n;
  while (value >= 999.5 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[i]}`;
}
