import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { LineCounter, parseAllDocuments, Parser, type Document } from 'yaml';
import type { Steps } from '../../../src/engine/yaml';
import { SteppedComposer } from '../../../src/engine/yaml/compose';

const options = { prettyErrors: false, merge: true, keepSourceTokens: true };

/** The documents of a text, composed in pieces of so many characters, and the steps that it took. */
function inPieces(text: string, length: number): { documents: Document.Parsed[]; steps: number } {
  let steps = 0;
  const composer = new SteppedComposer({ ...options, lineCounter: new LineCounter() }, text.length, length);
  const documents: Document.Parsed[] = [];
  const counted = <T>(work: Steps<T>): T => {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      steps++;
    }
  };
  for (const token of new Parser().parse(text)) documents.push(...counted(composer.next(token)));
  documents.push(...composer.last());
  return { documents, steps };
}

/** Everything about a document that we read: nodes with ranges, anchors and source tokens, errors, data. */
function told(documents: readonly Document.Parsed[]): unknown {
  const ignored = new Set(['comment', 'commentBefore', 'schema', 'spaceBefore']);
  const seen = (value: unknown): unknown => {
    // Each schema has functions and a merge key of its own.
    if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
    if (Array.isArray(value)) return value.map(seen);
    if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
    return {
      kind: value.constructor.name,
      ...Object.fromEntries(
        Object.entries(value)
          .filter(([key, part]) => !ignored.has(key) && part !== undefined)
          .map(([key, part]): [string, unknown] => [key, seen(part)])
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    };
  };
  return documents.map((document) => ({
    contents: seen(document.contents),
    range: document.range,
    problems: [...document.errors, ...document.warnings].map(({ code, message, pos }) => [
      code,
      message,
      pos,
    ]),
    data: dataOf(document),
  }));
}

function dataOf(document: Document.Parsed): unknown {
  try {
    return JSON.stringify(document.toJS({ maxAliasCount: 100, mapAsMap: true }), (_, part: unknown) =>
      part instanceof Map ? [...part] : part instanceof Set ? [...part] : part,
    );
  } catch (error) {
    return String(error);
  }
}

function expectSame(text: string, length: number): number {
  const { documents, steps } = inPieces(text, length);
  const whole = parseAllDocuments(text, options) as Document.Parsed[];
  assert.deepEqual(told(documents), told(Array.isArray(whole) ? whole : []));
  return steps;
}

const texts = {
  'maps in maps': 'a: 1\nb:\n  c: [1, 2]\n  # x\n  d:\n    e: {f: 2}\n    g: 3\n\n# end\nh: 4\n',
  'lists of maps': 'a:\n- b: 1\n  c: 2\n- d:\n  - 1\n  -\n  - - 3\n    - 4\n- e\n',
  'a list at the root': '# first\n\n- a\n- b: 1\n  # deep\n- c\n# last\n',
  'anchors, aliases and merges': 'a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n  e: &y\n    - *x\nf: *y\n',
  tags: 'a: !!set\n  ? b\n  ? c\nd: !!omap\n  - e: 1\n  - f: 2\ng: !other\n  h: 1\ni: !!str 3\n',
  'odd keys': '? a\n: b\n? [c, d]\n: e\n? - f\n  - g\n: h\n: i\n"j k": l\n1: m\n',
  'empty values': 'a:\nb:\n  c:\n  d:\ne: # none\nf:\n-\n- \n',
  'block scalars': 'a: |\n  b\n   c\n\nd:\n  e: >-\n    f\n    g\n  h: "i\n    j"\nk: l\n',
  'documents and directives': '%YAML 1.1\n---\na: yes\nb:\n  c: no\n...\n---\nd: yes\n# end\n---\n- e\n',
  'line breaks of Windows': '\ufeffa: 1\r\nb:\r\n  c: 2\r\n  d:\r\n  - 3\r\n',
  'keys that are there twice': 'a: 1\nb:\n  c: 2\n  d: 3\n  c: 4\ne: 5\na: 6\n',
  'merged twice': 'a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x\n',
  'odd indents': 'a:\n    b: 1\n  c: 2\n d: 3\n',
  tabs: 'a:\n\tb: 1\nc:\t2\n',
  'an end without text': 'a:\n  b: &x\n',
  nothing: '',
  'only a comment': '# nothing\n',
};

describe('YAML is composed in pieces', () => {
  for (const [name, text] of Object.entries(texts)) {
    it(`as it is as a whole: ${name}`, () => {
      for (const length of [0, 1, 5, 12, 30, 1000]) expectSame(text, length);
    });
  }

  it('as it is as a whole: the example, and what is left when any part of it is cut out', async () => {
    const text = await readFile('examples/rooms/bedroom.higan.yaml', 'utf8');
    assert.ok(expectSame(text, 100) > 10);
    for (let start = 0; start < text.length; start += 61) {
      expectSame(text.slice(0, start) + text.slice(start + 1 + (start % 17)), 60);
      expectSame(text.slice(0, start), 60);
    }
  });

  it('in steps that grow no longer with the text', () => {
    const entry = (k: number): string =>
      `  preview ${k}:\n    samples: [3, 14]\n    edits:\n      - { step: 1 }\n`;
    const long = `previews:\n${Array.from({ length: 100 }, (_, k) => entry(k)).join('')}seed: 7\n`;
    assert.ok(expectSame(long, 1000) >= long.length / 1300);
  });

  it('and nesting without end is refused, not met with a crash', () => {
    const deep = Array.from({ length: 3000 }, (_, k) => `${' '.repeat(k)}a:\n`).join('');
    const { documents } = inPieces(deep, 1000);
    assert.ok(documents[0].errors.length > 0);
  });
});
