/**
 * The one place that reads YAML. Text becomes data with the place of every key and value, and never more than the
 * text's own size of it: long files, deep nesting and alias bombs are refused.
 */
import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseAllDocuments,
  Parser,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from '../../protocol/results';
import { isMergeKey, unfollowable } from './aliases';
import { SteppedComposer } from './compose';
import { atOnce, type Steps } from '../turns';

/** A place in data: keys and indices from the root. */
export type DataPath = readonly PropertyKey[];

export interface YamlSource {
  text: string;
  document: Document.Parsed;
  lines: LineCounter;
  /** The data, or undefined where the text is not YAML. */
  data: unknown;
  /** Why the text is not YAML. */
  diagnostics: Diagnostic[];
}

/** Longest text that is read, in characters: an experiment with hundreds of notes has a tenth of it. */
export const textLimit = 1 << 20;

/** Words of the text between two steps of reading it. */
const wordsAtOnce = 64;

/** The documents of a text with their source tokens. @throws what the parser throws, on nesting without end */
export function* documentsOf(text: string, lines: LineCounter): Steps<Document.Parsed[]> {
  const parser = new Parser(lines.addNewLine);
  const composer = new SteppedComposer({ lineCounter: lines, prettyErrors: false, merge: true }, text.length);
  const documents: Document.Parsed[] = [];
  // A byte order mark is no character of the first line.
  lines.addNewLine(text.charCodeAt(0) === 0xfeff ? 1 : 0);
  let words = 0;
  for (const word of new Lexer().lex(text)) {
    for (const token of parser.next(word)) documents.push(...(yield* composer.next(token)));
    if (++words % wordsAtOnce === 0) yield;
  }
  for (const token of parser.end()) documents.push(...(yield* composer.next(token)));
  yield;
  documents.push(...composer.last());
  return documents;
}

/** Reads one YAML document. Never throws: what is wrong is in `diagnostics`. */
export const readYaml = (text: string): YamlSource => atOnce(readingYaml(text));

/** `readYaml` in steps. */
export function* readingYaml(text: string): Steps<YamlSource> {
  const lines = new LineCounter();
  const empty = (): YamlSource => ({
    text,
    document: parseAllDocuments('{}')[0],
    lines,
    data: undefined,
    diagnostics: [],
  });
  const refuse = (code: string, message: string, start = 0, end = start): YamlSource => {
    const source = empty();
    source.diagnostics.push(diagnose(source, { code, message, start, end }));
    return source;
  };
  if (text.length > textLimit) {
    return refuse(
      'too-long',
      `The file has ${text.length} characters; at most ${textLimit} are read. Split it, or remove what does not belong here.`,
    );
  }
  let documents;
  try {
    documents = yield* documentsOf(text, lines);
  } catch (error) {
    return refuse('syntax', unreadable(error));
  }
  if (documents.length === 0) documents = parseAllDocuments('null') as Document.Parsed[];
  const source: YamlSource = { text, document: documents[0], lines, data: undefined, diagnostics: [] };
  yield;
  source.diagnostics.push(...syntaxErrors(source), ...keysThatAreNoText(source));
  if (documents.length > 1 && documents[1].range) {
    source.diagnostics.push(
      diagnose(source, {
        code: 'syntax',
        message: 'A second YAML document begins here; one file holds one. Remove the `---`.',
        start: documents[1].range[0],
        end: documents[1].range[0],
      }),
    );
  }
  if (source.diagnostics.length > 0) return source;
  yield;
  try {
    const found = unfollowable(source.document);
    source.diagnostics.push(
      ...found.map(({ node, ...finding }) => {
        const [start, end] = node.range ?? [0, 0];
        return diagnose(source, { ...finding, start, end });
      }),
    );
    // The library's own limit counts how often an anchor is used, however little it stands for.
    if (found.length === 0) source.data = source.document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    source.diagnostics.push(
      diagnose(source, { code: 'syntax', message: unreadable(error), start: 0, end: 0 }),
    );
  }
  return source;
}

/** What to say about a part of the text. */
export interface Finding {
  code: string;
  message: string;
  severity?: Diagnostic['severity'];
  suggestion?: string;
}

/** A diagnostic on the characters start … end (exclusive). */
export function diagnose(
  source: { lines: LineCounter },
  finding: Finding & { start: number; end: number },
): Diagnostic {
  const { code, message, severity = 'error', suggestion } = finding;
  return {
    severity,
    code,
    message,
    start: placeAt(source.lines, finding.start),
    end: placeAt(source.lines, Math.max(finding.start, finding.end)),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** A diagnostic on the key or the value at a path; where that is not written, on what comes nearest above it. */
export function diagnoseAt(
  source: YamlSource,
  path: DataPath,
  part: 'key' | 'value',
  finding: Finding,
): Diagnostic {
  const [start, end] = rangeOf(source, path, part);
  return diagnose(source, { ...finding, start, end });
}

function placeAt(lines: LineCounter, offset: number): Diagnostic['start'] {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(0, line - 1), column: Math.max(0, col - 1), offset };
}

/** Where the key or value at a path is written, as [start, end) offsets. */
export function rangeOf(source: YamlSource, path: DataPath, part: 'key' | 'value'): [number, number] {
  const { pair, node, found } = locate(source, path);
  if (pair && (part === 'key' || !found || !hasText(node))) {
    const key = pair.key as Node | null;
    if (key?.range) return [key.range[0], key.range[1]];
  }
  // A missing key of the whole file is told at its first line.
  if (path.length <= 1 && !found) return firstLine(source.text);
  const range = node?.range;
  if (!range) return firstLine(source.text);
  return [range[0], trimmedEnd(source.text, range[0], range[1])];
}

/** The pair and node at a path, or the last ones on the way there. */
export function locate(
  source: { document: Document },
  path: DataPath,
): { pair: Pair | null; node: Node | null; found: boolean } {
  let node: Node | null = resolve(source.document, source.document.contents);
  let pair: Pair | null = null;
  for (const step of path) {
    const next = child(source.document, node, step);
    if (next === null) return { pair, node, found: false };
    pair = next.pair;
    node = next.node;
  }
  return { pair, node, found: true };
}

function child(
  document: Document,
  parent: Node | null,
  step: PropertyKey,
): { pair: Pair | null; node: Node | null } | null {
  const node = resolve(document, parent);
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(step));
    if (pair) return { pair, node: pair.value as Node | null };
    // What a merge key (`<<`) brings in is written where its anchor is.
    for (const pair of node.items) {
      if (!isMergeKey(pair.key)) continue;
      const merged = resolve(document, pair.value as Node | null);
      for (const from of isSeq(merged) ? (merged.items as Node[]) : [merged]) {
        const found = child(document, from, step);
        if (found) return found;
      }
    }
    return null;
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? null : { pair: null, node: item };
  }
  return null;
}

/** The pairs of maps by their keys: a map of hundreds is asked for each of them. Documents do not change once read. */
const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsOf(node: YAMLMap): ReadonlyMap<string, Pair> {
  let found = pairs.get(node);
  if (!found) {
    // Of two with the same key the first counts.
    found = new Map(node.items.map((pair) => [keyText(pair), pair] as const).reverse());
    pairs.set(node, found);
  }
  return found;
}

/** A pair's key as data has it. */
export function keyText(pair: Pair): string {
  if (!isScalar(pair.key)) return String(pair.key);
  if (isMergeKey(pair.key)) return '<<';
  const { value } = pair.key;
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

function resolve(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

/** Most complaints about syntax that are told: after the first few, the rest follow from them. */
const mostSyntaxErrors = 10;

function syntaxErrors(source: YamlSource): Diagnostic[] {
  const told = new Set<string>();
  return source.document.errors
    .filter(({ message, pos }) => told.size < told.add(`${pos[0]} ${message}`).size)
    .slice(0, mostSyntaxErrors)
    .map(({ code, message, pos }) => {
      const duplicate = code === 'DUPLICATE_KEY';
      return diagnose(source, {
        code: duplicate ? 'duplicate-key' : 'syntax',
        message: duplicate
          ? 'This key is there twice; remove one of the two.'
          : message.includes('call stack')
            ? tooDeep
            : sentence(message),
        start: pos[0],
        end: Math.max(pos[1], duplicate ? keyEnd(source.text, pos[0]) : 0),
      });
    });
}

/** YAML allows maps and lists as keys; nothing of ours has a meaning for them. */
function keysThatAreNoText(source: YamlSource): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (source.document.errors.length > 0) return found;
  visit(source.document, {
    Pair(_, { key }) {
      if (!isCollection(key) || !key.range) return;
      const [start, end] = key.range;
      found.push(diagnose(source, { code: 'syntax', message: 'A key has to be a text.', start, end }));
    },
  });
  return found;
}

const hasText = (node: Node | null): boolean => !!node?.range && node.range[1] > node.range[0];

/** Block collections and block scalars end after their last line break; what is shown ends with the text. */
function trimmedEnd(text: string, start: number, end: number): number {
  while (end > start && /\s/.test(text[end - 1])) end--;
  return end;
}

function firstLine(text: string): [number, number] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const line = text.indexOf('\n');
  return [start, trimmedEnd(text, start, line < 0 ? text.length : line)];
}

function keyEnd(text: string, start: number): number {
  const colon = /^[^\n]*?(?=\s*:(?:\s|$))/.exec(text.slice(start));
  return start + (colon ? colon[0].length : 1);
}

const tooDeep = 'The file is nested too deeply to be read.';

const sentence = (message: string): string => (message.endsWith('.') ? message : `${message}.`);

function unreadable(error: unknown): string {
  return error instanceof RangeError
    ? tooDeep
    : `The file cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}.`;
}
