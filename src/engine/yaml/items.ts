/**
 * Entries of lists in YAML text: one is added or removed, and all others stay as they are, with their comments, to the byte.
 * With an entry go the comments on its own lines and those indented deeper than it; what stands between entries stays.
 */
import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { cannot, difference, edited, verified, expected, withEdits, type TextEdit } from './edit';
import {
  afterDeeperComments,
  afterKey,
  endOf,
  indentOf,
  lineBreakLength,
  lineEnd,
  newlineOf,
  startOf,
  trimEol,
} from './places';
import { blockText, flowText, indentStep, listText } from './render';
import { keyText, readYaml, type YamlSource } from './source';

type Path = readonly (string | number)[];

/**
 * Adds an entry behind the last of the list at a path; makes the list where there is none.
 * @throws Failure 'bad-input' when the text has errors, or when it could not be written without changing more
 */
export function withItem(text: string, path: Path, value: unknown): TextEdit[] {
  const source = readYaml(text);
  const before = listAt(source, path);
  const place = placeOf(source, path);
  const after = [...before, value];
  // A list that is not written out here (an alias, a merge, nothing yet) is written as a whole.
  if (!place) return edited(text, [{ path, value: after }]);
  return written(source, path, after, added(source, place, value));
}

/**
 * Removes one entry of the list at a path; a list that is left empty becomes `[]`.
 * @throws Failure 'bad-input' when there is no such entry, when the text has errors, or when it could not be written
 *   without changing more
 */
export function withoutItem(text: string, path: Path, index: number): TextEdit[] {
  const source = readYaml(text);
  const before = listAt(source, path);
  if (index < 0 || index >= before.length) throw cannot({ path: [...path, index] });
  const place = placeOf(source, path);
  const after = before.filter((_, at) => at !== index);
  if (!place) return edited(text, [{ path, value: after }]);
  return written(source, path, after, removed(source, place, index));
}

/**
 * Makes the list at a path say what is wanted, entry by entry: what stays keeps its text and comments. Entries are removed,
 * changed where they stand, or added behind the last; where one is wanted between two others, those behind it move on.
 * @throws Failure 'bad-input' when the text has errors, or when it could not be written without changing more
 */
export function withItems(text: string, path: Path, wanted: readonly (string | number)[]): TextEdit[] {
  const source = readYaml(text);
  const before = listAt(source, path);
  if (!placeOf(source, path)) return edited(text, [{ path, value: wanted }]);
  const going = goingOf(before, wanted);
  const left = before.filter((_, at) => !going.includes(at));
  let now = text;
  // From behind, so that the places of the others stay.
  for (const at of going.reverse()) now = withEdits(now, withoutItem(now, path, at));
  wanted.forEach((value, at) => {
    if (at >= left.length) now = withEdits(now, withItem(now, path, value));
    else if (left[at] !== value) now = withEdits(now, edited(now, [{ path: [...path, at], value }]));
  });
  return difference(text, now);
}

/** Places, in order, of the entries that go. As few as can be, so that one that makes room for another is changed instead. */
function goingOf(before: readonly unknown[], wanted: readonly unknown[]): number[] {
  const most = Math.min(before.length, wanted.length);
  let start = 0;
  while (start < most && before[start] === wanted[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === wanted.at(-1 - end)) end++;
  const differing = [...before.keys()].slice(start, before.length - end);
  const unwanted = differing.filter((at) => !wanted.includes(before[at]));
  const left = before.filter((_, at) => !unwanted.includes(at));
  // Where entries stay among those that differ, and without the unwanted stand where they should, nothing else moves them.
  const enough = unwanted.length < differing.length && left.every((value, at) => value === wanted[at]);
  if (enough) return unwanted;
  const others = differing.filter((at) => !unwanted.includes(at));
  const surplus = Math.max(0, before.length - wanted.length);
  return [...unwanted, ...others].slice(0, surplus).sort((a, b) => a - b);
}

function written({ text, data }: YamlSource, path: Path, list: unknown[], edits: TextEdit[]): TextEdit[] {
  return difference(text, verified(text, edits, expected(data, path, list), { path }));
}

/** The data of a list; none where there is nothing yet. */
function listAt({ data, diagnostics }: YamlSource, path: Path): unknown[] {
  if (diagnostics.length > 0) throw cannot({ path });
  let value: unknown = data;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  if (value !== null && value !== undefined && !Array.isArray(value)) throw cannot({ path });
  return Array.isArray(value) ? value : [];
}

/** A list as it is written out, with the key that it stands at. */
interface Place {
  list: YAMLSeq<Node>;
  pair: Pair;
  map: YAMLMap;
}

function placeOf({ document }: YamlSource, path: Path): Place | null {
  let node = document.contents as Node | null;
  let place: Omit<Place, 'list'> | null = null;
  for (const step of path) {
    if (isSeq(node)) {
      node = (node.items[Number(step)] ?? null) as Node | null;
      place = null;
      continue;
    }
    if (!isMap(node)) return null;
    const map: YAMLMap = node;
    const pair = map.items.find((item) => keyText(item) === String(step));
    if (!pair) return null;
    place = { map, pair };
    node = pair.value as Node | null;
  }
  return place && isSeq<Node>(node) ? { ...place, list: node } : null;
}

function added(source: YamlSource, { list, pair, map }: Place, value: unknown): TextEdit[] {
  const { text } = source;
  const eol = newlineOf(text);
  if (!list.flow) {
    const last = list.items.length - 1;
    const indent = indentOf(text, dashOf(list, last));
    // A new entry looks like the one above it.
    const block = isMap(list.items[last]) && !list.items[last].flow;
    const entry = block
      ? `${indent}- ${blockText(value, `${indent}  `, indentStep(source), eol).trimStart()}`
      : listText([value], indent, eol);
    const at = entryEnd(text, list, last);
    return [
      text[at - 1] === '\n'
        ? { start: at, end: at, newText: entry }
        : { start: at, end: at, newText: eol + trimEol(entry) },
    ];
  }
  const open = startOf(list) + 1;
  const close = endOf(text, list) - 1;
  const last = list.items.at(-1);
  if (!last) {
    const colon = afterKey(pair);
    if (!map.flow && colon !== null && text.slice(open, close).trim() === '') {
      // `[]` was all there was: the list becomes lines, as a new one would be.
      const line = lineEnd(text, close);
      const indent = indentOf(text, startOf(pair.key)) + ' '.repeat(indentStep(source));
      return [
        { start: colon, end: close + 1, newText: '' },
        { start: line, end: line, newText: eol + trimEol(listText([value], indent, eol)) },
      ];
    }
    return [{ start: open, end: open, newText: flowText(value) }];
  }
  const end = endOf(text, last);
  const comma = commaAfter(text, end);
  const lineStart = text.lastIndexOf('\n', startOf(last) - 1) + 1;
  const ownLine = lineStart > open && text.slice(lineStart, startOf(last)).trim() === '';
  const line = lineEnd(text, comma ?? end);
  if (ownLine && line < close) {
    // The last entry has its line, perhaps with a comment: so gets the new one.
    const entry = `${eol}${text.slice(lineStart, startOf(last))}${flowText(value)}${comma === null ? '' : ','}`;
    if (comma !== null) return [{ start: line, end: line, newText: entry }];
    return line === end
      ? [{ start: end, end, newText: `,${entry}` }]
      : [
          { start: end, end, newText: ',' },
          { start: line, end: line, newText: entry },
        ];
  }
  if (comma === null) return [{ start: end, end, newText: `, ${flowText(value)}` }];
  return [{ start: comma + 1, end: comma + 1, newText: ` ${flowText(value)},` }];
}

function removed({ text }: YamlSource, { list, pair }: Place, index: number): TextEdit[] {
  const item = list.items[index];
  if (!list.flow) {
    const start = text.lastIndexOf('\n', dashOf(list, index)) + 1;
    const end = entryEnd(text, list, index);
    const stop = text[end - 1] === '\n' ? end : end + lineBreakLength(text, end);
    const lines = { start, end: stop, newText: '' };
    // At the end of a text without a last line break, the break above goes instead.
    if (stop === end && text[end - 1] !== '\n') lines.start -= text[start - 2] === '\r' ? 2 : 1;
    if (list.items.length > 1) return [lines];
    const colon = afterKey(pair);
    if (colon === null) throw cannot({ path: [index] });
    if (lines.start === colon) return [{ ...lines, newText: ' []' }];
    return [{ start: colon, end: colon, newText: ' []' }, lines];
  }
  const start = startOf(item);
  const end = endOf(text, item);
  const comma = commaAfter(text, end);
  if (comma !== null && lineEnd(text, end) < comma) {
    // The comma stands on another line, perhaps behind a comment, which stays.
    return [
      { start, end, newText: '' },
      { start: comma, end: comma + 1, newText: '' },
    ];
  }
  const behind = comma === null ? end : comma + 1;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const line = lineEnd(text, behind);
  const alone =
    lineStart > startOf(list) &&
    text.slice(lineStart, start).trim() === '' &&
    /^[ \t]*(#.*)?$/.test(text.slice(behind, line)) &&
    line < endOf(text, list);
  if (alone) return [{ start: lineStart, end: line + lineBreakLength(text, line), newText: '' }];
  const previous = index > 0 ? endOf(text, list.items[index - 1]) : null;
  // The last of a line goes with the comma before it, where nothing but that stands between the two.
  if (comma === null && previous !== null && /^\s*,\s*$/.test(text.slice(previous, start))) {
    return [{ start: previous, end, newText: '' }];
  }
  const next = behind + /^[ \t]*/.exec(text.slice(behind))![0].length;
  // A comment keeps the space before it, and a line does not end in spaces.
  if (text[next] === '#') return [{ start, end: behind, newText: '' }];
  const spaces = /^\r?\n/.test(text.slice(next)) ? /[ \t]*$/.exec(text.slice(0, start))![0].length : 0;
  return [{ start: start - spaces, end: next, newText: '' }];
}

/** Where the dash of a block list's entry stands. */
function dashOf(list: YAMLSeq<Node>, index: number): number {
  const token = list.srcToken;
  const dashes =
    token?.type === 'block-seq'
      ? token.items.flatMap(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? [])
      : [];
  if (dashes.length !== list.items.length) throw cannot({ path: [index] });
  return dashes[index];
}

/** The end of an entry's last line, before its line break; a block scalar's is behind it. */
function entryEnd(text: string, list: YAMLSeq<Node>, index: number): number {
  const dash = dashOf(list, index);
  const end = Math.max(dash + 1, endOf(text, list.items[index]));
  if (text[end - 1] === '\n') return end;
  return afterDeeperComments(text, lineEnd(text, end), indentOf(text, dash).length);
}

/** The offset of the comma that follows an entry of a flow list, behind comments too; null where there is none. */
function commaAfter(text: string, end: number): number | null {
  const between = /^(?:\s|#[^\r\n]*)*/.exec(text.slice(end))![0].length;
  return text[end + between] === ',' ? end + between : null;
}
