/** Edits of YAML text that leave everything else alone, to the byte. */
import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { badInput } from '../failure';
import {
  afterDeeperComments,
  afterKey,
  endOf,
  indentOf,
  lineBreakLength,
  lineEnd,
  newlineOf,
  pairEnd,
  startOf,
  trimEol,
  trimmed,
} from './places';
import { blockText, flowText, indentStep, listText } from './render';
import { keyText, readYaml, type YamlSource } from './source';

/** Replaces the characters start … end (exclusive). */
export interface TextEdit {
  start: number;
  end: number;
  newText: string;
}

/** What should stand at a path of keys and indices; undefined removes it. */
export interface Change {
  path: readonly (string | number)[];
  value: unknown;
}

/**
 * The smallest replacement that makes the changes; none where they are there already.
 * @throws Failure 'bad-input' when the text has errors, or when it could not be changed without changing more
 */
export function edited(text: string, changes: readonly Change[]): TextEdit[] {
  let now = text;
  for (const change of changes) now = changed(now, change);
  return difference(text, now);
}

/** The text with edits made (they must not overlap). */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

function changed(text: string, change: Change): string {
  const before = readYaml(text);
  if (before.diagnostics.length > 0) throw cannot(change);
  const wanted = expected(before.data ?? {}, change.path, change.value);
  if (isDeepStrictEqual(wanted, before.data)) return text;
  return verified(text, [editOf(before, change)], wanted, change);
}

/**
 * The text with edits made, where they make exactly the data wanted. Anchors, merges and odd spots can make an edit mean
 * more, or less, than it says: then nothing is written.
 * @throws Failure 'bad-input'
 */
export function verified(
  text: string,
  edits: readonly TextEdit[],
  wanted: unknown,
  change: Pick<Change, 'path'>,
): string {
  const result = withEdits(text, edits);
  const after = readYaml(result);
  if (after.diagnostics.length > 0 || !isDeepStrictEqual(after.data, wanted)) throw cannot(change);
  return result;
}

export const cannot = ({ path }: Pick<Change, 'path'>) =>
  badInput(
    `'${path.join('.')}' could not be written without changing other parts of the file (anchors, or an unusual ` +
      `form there). Change it by hand.`,
  );

function editOf(source: YamlSource, change: Change): TextEdit {
  const { text, document } = source;
  let node = document.contents as Node | null;
  if (!node || (isScalar(node) && node.value === null)) {
    return append(text, blockText(nest(change.path, change.value), '', 2, newlineOf(text)));
  }
  for (let depth = 0; ; depth++) {
    const rest = change.path.slice(depth);
    if (isAlias(node)) {
      // An alias is replaced by what it stands for, changed.
      const value = expected(node.toJS(document), rest, change.value);
      return { start: startOf(node), end: endOf(text, node), newText: flowText(value) };
    }
    if (rest.length === 0) return replaceValue(source, node, change.value);
    if (isSeq(node)) {
      node = (node.items[Number(rest[0])] ?? null) as Node | null;
      if (node === null) throw cannot(change);
      continue;
    }
    if (!isMap(node)) return replaceValue(source, node, nest(rest, change.value));
    const map: YAMLMap = node;
    const pair = map.items.find((item) => keyText(item) === String(rest[0]));
    if (change.value === undefined && (rest.length === 1 || !pair)) {
      if (!pair) throw cannot(change);
      return removePair(text, map, pair);
    }
    if (!pair) return insertPair(source, map, String(rest[0]), nest(rest.slice(1), change.value));
    const value = pair.value as Node | null;
    if (value === null || (isScalar(value) && value.value === null && endOf(text, value) <= startOf(value))) {
      return fillEmpty(source, map, pair, nest(rest.slice(1), change.value));
    }
    node = value;
  }
}

/** `key:` without a value gets one, before a comment that may follow. */
function fillEmpty(source: YamlSource, map: YAMLMap, pair: Pair, value: unknown): TextEdit {
  const { text } = source;
  const at = afterKey(pair);
  if (at === null)
    return { start: endOf(text, pair.key), end: endOf(text, pair.key), newText: `: ${flowText(value)}` };
  const plain = !map.flow && isContainer(value);
  if (!plain) return { start: at, end: at, newText: ` ${flowText(value)}` };
  const line = lineEnd(text, at);
  const eol = newlineOf(text);
  const step = indentStep(source);
  const indent = indentOf(text, startOf(pair.key)) + ' '.repeat(step);
  const block = Array.isArray(value) ? listText(value, indent, eol) : blockText(value, indent, step, eol);
  return { start: line, end: line, newText: eol + trimEol(block) };
}

function replaceValue({ text }: YamlSource, node: Node, value: unknown): TextEdit {
  const start = startOf(node);
  const end = endOf(text, node);
  // A block scalar owns the line break after it.
  const eol = end > start && text[end - 1] === '\n' ? newlineOf(text) : '';
  return { start, end, newText: flowText(value) + eol };
}

function insertPair(source: YamlSource, map: YAMLMap, key: string, value: unknown): TextEdit {
  const { text } = source;
  const last = map.items.at(-1);
  if (map.flow) {
    const entry = `${flowText(key)}: ${flowText(value)}`;
    if (last) {
      const end = pairEnd(text, last);
      return { start: end, end, newText: `, ${entry}` };
    }
    const open = startOf(map) + 1;
    return { start: open, end: endOf(text, map) - 1, newText: ` ${entry} ` };
  }
  if (!last) throw cannot({ path: [key] });
  const indent = indentOf(text, startOf(map.items[0].key));
  const eol = newlineOf(text);
  const entry = blockText({ [key]: value }, indent, indentStep(source), eol);
  const end = pairEnd(text, last);
  if (end > 0 && text[end - 1] === '\n') return { start: end, end, newText: entry };
  const line = afterDeeperComments(text, lineEnd(text, end), indent.length);
  return { start: line, end: line, newText: eol + trimEol(entry) };
}

/** Removes a pair with its lines, or with its comma; a map that would be left empty becomes `{}`. */
function removePair(text: string, map: YAMLMap, pair: Pair): TextEdit {
  const index = map.items.indexOf(pair);
  if (map.items.length === 1) {
    return { start: startOf(map), end: pairEndOrMap(text, map, pair), newText: '{}' };
  }
  const start = startOf(pair.key);
  const end = pairEnd(text, pair);
  if (map.flow) {
    return index > 0
      ? { start: pairEnd(text, map.items[index - 1]), end, newText: '' }
      : { start, end: startOf(map.items[1].key), newText: '' };
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') {
    // The first pair of a map in a list stands behind its dash.
    return { start, end: startOf(map.items[1].key), newText: '' };
  }
  const blockScalar = text[end - 1] === '\n';
  const stop = blockScalar
    ? end
    : Math.min(text.length, lineEnd(text, end) + lineBreakLength(text, lineEnd(text, end)));
  return { start: lineStart, end: stop, newText: '' };
}

const pairEndOrMap = (text: string, map: YAMLMap, pair: Pair): number =>
  map.flow ? endOf(text, map) : trimmed(text, pairEnd(text, pair));

/** The data with one value replaced, or removed where it is undefined. */
export function expected(data: unknown, path: Change['path'], value: unknown): unknown {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  if (Array.isArray(data)) {
    return data.map((item: unknown, index) => (index === Number(step) ? expected(item, rest, value) : item));
  }
  const record = typeof data === 'object' && data !== null ? { ...(data as Record<string, unknown>) } : {};
  const inner = expected(Object.hasOwn(record, step) ? record[step] : undefined, rest, value);
  if (inner === undefined) delete record[step];
  else record[step] = inner;
  return record;
}

const nest = (path: Change['path'], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

const isContainer = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function append(text: string, block: string): TextEdit {
  const broken = text === '' || text.endsWith('\n') ? '' : newlineOf(text);
  return { start: text.length, end: text.length, newText: broken + block };
}

/** One replacement between two texts, from their first to their last difference; never inside a character. */
export function difference(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (splits(before, start) || splits(after, start)) start--;
  while (tail > 0 && (splits(before, before.length - tail) || splits(after, after.length - tail))) tail--;
  return [{ start, end: before.length - tail, newText: after.slice(start, after.length - tail) }];
}

/** Whether an offset falls inside a surrogate pair or between \r and \n. */
function splits(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const low = text.charCodeAt(offset);
  return (low >= 0xdc00 && low <= 0xdfff) || (text[offset] === '\n' && text[offset - 1] === '\r');
}
