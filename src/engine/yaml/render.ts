/** New YAML in the style of our examples: blocks outside, one-line maps and lists inside. */
import { Document, isMap, Scalar, visit } from 'yaml';
import type { YamlSource } from './source';

const oneLine = { lineWidth: 0, minContentWidth: 0, doubleQuotedMinMultiLineLength: 1 << 24 } as const;

/** A value on one line, quoted so that it can stand inside `{ }` and `[ ]`. */
export function flowText(value: unknown): string {
  // Inside a list, what needs quotes there gets them.
  const document = new Document([value]);
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
    Scalar(_, node) {
      // Line breaks are written \\n, so that the text stays on its line.
      if (typeof node.value === 'string' && /[\r\n]/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ ...oneLine, flowCollectionPadding: false }).trim();
  return padded(text.slice(1, -1).trim(), value);
}

/** `{a: 1}` → `{ a: 1 }` where a map is the whole value. */
const padded = (text: string, value: unknown): string =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0
    ? `{ ${text.slice(1, -1).trim()} }`
    : text;

/**
 * A map as block lines, each with its line break. Maps and lists of plain values stand on one line; lists of maps
 * get a line an entry.
 */
export function blockText(value: unknown, indent: string, step: number, eol: string): string {
  const deeper = indent + ' '.repeat(step);
  return Object.entries(value as Record<string, unknown>)
    .map(([key, inner]) => {
      const name = `${indent}${flowText(key)}:`;
      if (Array.isArray(inner) && inner.some(isContainer)) {
        return `${name}${eol}${listText(inner, deeper, eol)}`;
      }
      const blocks = isContainer(inner) && !Array.isArray(inner) && Object.values(inner).some(isContainer);
      return blocks
        ? `${name}${eol}${blockText(inner, deeper, step, eol)}`
        : `${name} ${flowText(inner)}${eol}`;
    })
    .join('');
}

/** A list as lines, one an entry, each with its line break. */
export const listText = (items: readonly unknown[], indent: string, eol: string): string =>
  items.map((item) => `${indent}- ${flowText(item)}${eol}`).join('');

const isContainer = (value: unknown): value is object => value !== null && typeof value === 'object';

/** How far the first indented map of a text is indented; 2 where there is none. */
export function indentStep({ document, text }: YamlSource): number {
  let step = 2;
  visit(document, {
    Pair(_, pair, path) {
      if (path.length < 2 || !isMap(pair.value) || pair.value.flow) return undefined;
      const first = pair.value.items[0]?.key as { range?: [number, number, number] } | undefined;
      if (!first?.range) return undefined;
      const column = first.range[0] - (text.lastIndexOf('\n', first.range[0] - 1) + 1);
      if (column > 0 && column <= 8) step = column;
      return visit.BREAK;
    },
  });
  return step;
}
