/** Where the cursor is in an experiment: the path of keys that leads there, also while the text is half-written. */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Document, type Pair, type Scalar } from 'yaml';
import { documentsOf, inTurns, type DataPath } from '../../engine/yaml';

export interface Place {
  path: DataPath;
  /** On a key of the map at the path's parent, or on the value at the path. */
  part: 'key' | 'value';
  /** The word there, as [start, end) offsets of the text. */
  start: number;
  end: number;
  /** What is written there so far, unquoted. */
  written: string;
  /** Keys that the map around it has already. */
  siblings: string[];
  quoted: boolean;
}

/** The key or scalar value that covers an offset of a text without errors; null elsewhere. */
export function placeAt(document: Document, offset: number): Place | null {
  let found: Place | null = null;
  walk(document.contents, [], (node, path, part, siblings) => {
    if (!isScalar(node) || !node.range) return;
    const [start, end] = node.range;
    if (offset < start || offset > end || found) return;
    found = {
      ...{ path, part, start, end, siblings },
      written: scalarText(node),
      quoted: node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE',
    };
  });
  return found;
}

/** Stands where the cursor is while the half-written text is read. */
const cursorWord = 'higanCursorHere';

/**
 * The place that is being written at an offset, whether or not the rest of the text is whole. A word is put at the cursor
 * and found again in what the parser makes of it: first as it stands, in block maps as the key of a new entry.
 */
export async function placeBeingWritten(text: string, offset: number): Promise<Place | null> {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(line)) return null;
  const start = wordStart(text, lineStart, offset);
  const rest = /^[^\n,\]}#"']*/.exec(text.slice(offset))?.[0].trimEnd() ?? '';
  const end = offset + (/^[\w /*~.-]*$/.test(rest) ? rest.length : 0);
  const written = text.slice(start, offset);
  const attempt = async (insert: string): Promise<Place | null> => {
    const marked = text.slice(0, start) + insert + text.slice(end);
    const [document] = await inTurns(documentsOf(marked, new LineCounter()));
    let found: Place | null = null;
    walk(document?.contents, [], (node, path, part, siblings) => {
      if (!found && isScalar(node) && node.value === cursorWord)
        found = {
          ...{ path, part, start, end, written, siblings },
          quoted: node.type !== 'PLAIN',
        };
    });
    return found;
  };
  const isEntry = /^\s*(-\s+)*[\w /*~.-]*$/.test(line) && !insideFlow(text, offset);
  // A bare word on a line of its own: a key of a block map, else an item of a list.
  if (isEntry) return (await attempt(`${cursorWord}: `)) ?? attempt(cursorWord);
  return attempt(cursorWord);
}

/** Where the word before the cursor begins: concept names hold spaces and slashes. */
function wordStart(text: string, lineStart: number, offset: number): number {
  const line = text.slice(lineStart, offset);
  const lead = /^.*(?:[:,[{]\s+|[[{]\s*|["']|^\s*(?:-\s+)*|-\s+)/.exec(line)?.[0] ?? '';
  return lineStart + lead.length;
}

/** Whether brackets are open at the offset, comments and quotes aside. */
function insideFlow(text: string, offset: number): boolean {
  const before = text.slice(0, offset).replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?<=^|\s)#[^\n]*/g, '');
  let depth = 0;
  for (const character of before) {
    if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
  }
  return depth > 0;
}

type Visit = (node: unknown, path: DataPath, part: 'key' | 'value', siblings: string[]) => void;

function walk(node: unknown, path: DataPath, visit: Visit): void {
  if (isMap(node)) {
    const keys = node.items.map((pair) => keyOf(pair));
    node.items.forEach((pair, index) => {
      const key = keyOf(pair);
      const inner = [...path, key];
      visit(
        pair.key,
        inner,
        'key',
        keys.filter((_, other) => other !== index),
      );
      if (isScalar(pair.value)) visit(pair.value, inner, 'value', []);
      else walk(pair.value, inner, visit);
    });
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      if (isPair(item)) return;
      if (isScalar(item)) visit(item, [...path, index], 'value', []);
      else walk(item, [...path, index], visit);
    });
  } else if (isScalar(node) && path.length === 0) {
    visit(node, path, 'value', []);
  }
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? scalarText(pair.key) : '');

function scalarText({ value }: Scalar): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
