/** Where the parts of a YAML text stand: offsets of nodes, keys and lines. */
import { isCollection, isMap, type Node, type Pair } from 'yaml';

export const startOf = (node: unknown): number => (node as Node).range?.[0] ?? 0;

/** Where the characters of a node end: block collections end with their last entry. */
export function endOf(text: string, node: unknown): number {
  if (isCollection(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1);
    return isMap(node) ? pairEnd(text, last as Pair) : endOf(text, last);
  }
  return (node as Node).range?.[1] ?? 0;
}

export function pairEnd(text: string, pair: Pair): number {
  const value = pair.value as Node | null;
  if (value?.range && endOf(text, value) > startOf(value)) return endOf(text, value);
  return afterKey(pair) ?? endOf(text, pair.key);
}

/** The offset behind a pair's ':', or null where there is none. */
export function afterKey(pair: Pair): number | null {
  const token = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  return token ? token.offset + 1 : null;
}

/** The line break that a text uses. */
export const newlineOf = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');
export const trimEol = (block: string): string => block.replace(/\r?\n$/, '');

/** The end of the line of an offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end - 1 >= offset ? end - 1 : end;
}

export const lineBreakLength = (text: string, at: number): number =>
  text[at] === '\r' ? 2 : text[at] === '\n' ? 1 : 0;

/** What stands before a key in its line, a list's dashes as spaces. */
export function indentOf(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).replace(/[^\t]/g, ' ');
}

/** Comments that are indented deeper than what follows belong to the entry above them. */
export function afterDeeperComments(text: string, line: number, indent: number): number {
  let end = line;
  for (;;) {
    const next = /^\r?\n([ \t]*)#[^\r\n]*/.exec(text.slice(end));
    if (!next || next[1].length <= indent) return end;
    end += next[0].length;
  }
}

export const trimmed = (text: string, end: number): number => {
  while (end > 0 && /[\r\n]/.test(text[end - 1])) end--;
  return end;
};
