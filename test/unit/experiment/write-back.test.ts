import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { parse } from 'yaml';
import { addPreview, expectEdit, setEdit, setVerdict } from '../../../src/engine/experiment';
import { withEdits, type TextEdit } from '../../../src/engine/yaml';
import { write } from './written';

const wood = 'attribute/wood';
const accepted = { verdict: 'accepted', note: 'floor only, mostly' } as const;

const verdict = (text: string, change: Parameters<typeof setVerdict>[2] = accepted, concept = wood): string =>
  write(text, (t) => setVerdict(t, concept, change));

describe('a verdict', () => {
  test('makes its section where there is none, in the indentation of the file', () => {
    assert.equal(
      verdict('generator: rooms\nprobe:\n    samples: 3 # few\n'),
      'generator: rooms\nprobe:\n    samples: 3 # few\nreview:\n    attribute/wood: { verdict: accepted, note: "floor only, mostly" }\n',
    );
  });

  test('fills a section that is begun but empty, behind its comment, with CRLF', () => {
    assert.equal(
      verdict('generator: rooms\r\nreview: # ours\r\nseed: 1\r\n'),
      'generator: rooms\r\nreview: # ours\r\n  attribute/wood: { verdict: accepted, note: "floor only, mostly" }\r\nseed: 1\r\n',
    );
  });

  test('is added behind the others, in their odd indentation, comments staying where they are', () => {
    assert.equal(
      verdict(
        'review:\n   attribute/x: # first\n      note: |\n        long\n        text\n   # tail\nseed: 3',
        {
          verdict: 'unsure',
        },
      ),
      'review:\n   attribute/x: # first\n      note: |\n        long\n        text\n   attribute/wood: { verdict: unsure }\n   # tail\nseed: 3',
    );
  });

  test('changes only the keys that it gives, in block and in flow style', () => {
    assert.equal(
      verdict('review:\n  attribute/wood: { verdict: rejected,   note: "x" } # c\n', { verdict: 'accepted' }),
      'review:\n  attribute/wood: { verdict: accepted,   note: "x" } # c\n',
    );
    assert.equal(
      verdict('review:\n  attribute/wood:\n    # why\n    note: old # n\n    verdict: rejected\n', {
        result: 'abc',
      }),
      'review:\n  attribute/wood:\n    # why\n    note: old # n\n    verdict: rejected\n    result: abc\n',
    );
  });

  test('changes the one that is there, in whatever case its concept was written', () => {
    assert.equal(
      verdict('review:\n  Attribute/WOOD: { verdict: rejected }\n', { verdict: 'unsure' }),
      'review:\n  Attribute/WOOD: { verdict: unsure }\n',
    );
    assert.equal(
      verdict('review:\n  a/b: { note: x }\n  Attribute/wood: { verdict: rejected }\n', { verdict: null }),
      'review:\n  a/b: { note: x }\n',
    );
  });

  test('and a note that are written one after the other both stay, in either order', () => {
    const note = { note: 'walls only' };
    const decided = { verdict: 'unsure', result: 'abc' } as const;
    for (const changes of [
      [note, decided],
      [decided, note],
    ]) {
      const text = changes.reduce((now, change) => verdict(now, change), 'generator: rooms\n');
      assert.deepEqual((parse(text) as { review: unknown }).review, { [wood]: { ...note, ...decided } });
    }
    assert.equal(
      verdict('review:\n  attribute/wood: { verdict: unsure, note: x, result: abc } # c\n', {
        ...{ verdict: null, note: undefined, result: null },
      }),
      'review:\n  attribute/wood: { note: x } # c\n',
    );
  });

  test('goes into flow maps, empty ones and ones with a trailing comma', () => {
    assert.equal(
      verdict('review: {}\n', { verdict: 'unsure' }),
      'review: { attribute/wood: { verdict: unsure } }\n',
    );
    assert.deepEqual(parse(verdict('{generator: rooms, review: {a: {verdict: accepted}, }}')), {
      generator: 'rooms',
      review: { a: { verdict: 'accepted' }, [wood]: accepted },
    });
  });

  test('finds its concept where it was written with `_`', () => {
    assert.equal(
      verdict(
        'review: { attribute/indoor_lighting: {verdict: unsure} }',
        { verdict: 'accepted' },
        'attribute/indoor lighting',
      ),
      'review: { attribute/indoor_lighting: {verdict: accepted} }',
    );
  });

  test('keeps a note of any characters on one line', () => {
    const note = 'ü: 🛋 "q" # no comment\nline 2\ttab, {x}';
    const text = verdict('generator: rooms # 🛋\n', { note });
    assert.equal(text.trimEnd().split('\n').length, 3);
    assert.deepEqual(parse(text), { generator: 'rooms', review: { [wood]: { note } } });
  });

  test('is removed with its line when nothing is left of it', () => {
    assert.equal(
      verdict('review:\n  attribute/wood: { verdict: rejected } # c\n  attribute/x: {}\n', { verdict: null }),
      'review:\n  attribute/x: {}\n',
    );
    assert.deepEqual(parse(verdict('review:\n  attribute/wood: { note: x }\nseed: 1\n', { note: null })), {
      review: {},
      seed: 1,
    });
    assert.equal(
      verdict('review:\n  attribute/wood: { verdict: rejected, note: x }\n', { note: null }),
      'review:\n  attribute/wood: { verdict: rejected }\n',
    );
  });

  test('changes nothing where it is there already', () => {
    const text = 'review: { attribute/wood: { verdict: accepted } }\n';
    assert.deepEqual(setVerdict(text, wood, { verdict: 'accepted' }), []);
  });

  test('goes in front of a document end and into empty files', () => {
    assert.equal(
      verdict('---\ngenerator: rooms\n...\n', { verdict: 'unsure' }),
      '---\ngenerator: rooms\nreview:\n  attribute/wood: { verdict: unsure }\n...\n',
    );
    assert.deepEqual(parse(verdict('')), { review: { [wood]: accepted } });
    assert.equal(
      verdict('# only this', { verdict: 'unsure' }),
      '# only this\nreview:\n  attribute/wood: { verdict: unsure }\n',
    );
  });

  test('replaces an alias by what it stands for, and refuses to change what is shared', () => {
    assert.equal(
      verdict('a: &v { verdict: accepted }\nreview:\n  attribute/wood: *v\n', { note: 'x' }),
      'a: &v { verdict: accepted }\nreview:\n  attribute/wood: { verdict: accepted, note: x }\n',
    );
    assert.throws(
      () => setVerdict('review:\n  attribute/wood: &v { verdict: accepted }\n  b: *v\n', wood, { note: 'x' }),
      { name: 'Failure', message: /without changing other parts/ },
    );
  });

  test('is refused in a file with errors', () => {
    assert.throws(() => setVerdict('generator: [', wood, accepted), {
      name: 'Failure',
      message: /Mend it first/,
    });
  });
});

describe("a preview's edit", () => {
  const text = [
    'previews:',
    '  evening:',
    '    samples: [1]   # one',
    '    edits:',
    '      - { concept: attribute/wood,  step: 2 } # first',
    '      - concept: attribute/wood',
    '        step: 1e0   # second',
    '        # between',
    '      -   step: 3',
    '          concept: "a"',
    '',
  ].join('\n');

  test('changes its numbers in place', () => {
    assert.equal(
      write(text, (t) => setEdit(t, 'evening', 1, { step: -1.25 })),
      text.replace('1e0', '-1.25'),
    );
  });

  test('gets keys that it lacks, in its own style', () => {
    assert.equal(
      write(text, (t) => setEdit(t, 'evening', 0, { layers: '0-4,7' })),
      text.replace('step: 2 }', 'step: 2, layers: "0-4,7" }'),
    );
    assert.equal(
      write(text, (t) => setEdit(t, 'evening', 2, { layers: 'upper' })),
      text.replace('concept: "a"', 'concept: "a"\n          layers: upper'),
    );
  });

  test('is the one that was looked at while it is of the same concept, however that is written', () => {
    expectEdit(text, 'evening', 1, 'Attribute/WOOD');
    expectEdit(text.replace('"a"', 'attribute/indoor_lighting'), 'evening', 2, 'attribute/indoor lighting');
    assert.throws(() => expectEdit(text, 'evening', 2, wood), {
      name: 'Failure',
      message: /number 3 is not of 'attribute\/wood' any more/,
    });
    assert.throws(() => expectEdit(text, 'evening', 3, wood), { name: 'Failure', message: /no edit 3/ });
  });

  test('takes several changes as one replacement', () => {
    const result = write(text, (t) => setEdit(t, 'evening', 2, { step: 0.5, concept: 'attribute/cloth' }));
    assert.equal(result, text.replace('step: 3', 'step: 0.5').replace('"a"', 'attribute/cloth'));
  });

  test('must be there', () => {
    assert.throws(() => setEdit(text, 'evening', 3, { step: 1 }), { name: 'Failure' });
    assert.throws(() => setEdit(text, 'morning', 0, { step: 1 }), { name: 'Failure' });
  });
});

describe('a new preview', () => {
  const preview = { samples: [1, 2], edits: [{ concept: wood, step: 1 }], jitter: { strength: 0.1 } };

  test('is written as our examples are', () => {
    assert.equal(
      write('generator: rooms\n', (t) => addPreview(t, 'my room', preview)),
      'generator: rooms\npreviews:\n  my room:\n    samples: [1, 2]\n    edits:\n      - { concept: attribute/wood, step: 1 }\n    jitter: { strength: 0.1 }\n',
    );
  });

  test('goes behind the others, whatever its name', () => {
    const text = 'previews:\n  a: { samples: [3] } # c\nseed: 1\n';
    const result = write(text, (t) => addPreview(t, 'b: #1', preview));
    assert.deepEqual(parse(result), { previews: { a: { samples: [3] }, 'b: #1': preview }, seed: 1 });
    assert.ok(result.startsWith('previews:\n  a: { samples: [3] } # c\n') && result.endsWith('\nseed: 1\n'));
  });

  test('never replaces one of that name', () => {
    assert.throws(() => addPreview('previews: { a: {} }', 'a', preview), {
      name: 'Failure',
      message: /already/,
    });
  });
});

test('whatever the file looks like, everything outside the edit stays and the data is what was meant', () => {
  const reviews = [
    '',
    'review:',
    'review: {}',
    'review: { a/b: {} }',
    'review:\n  a/b: {}',
    'review:\n\ta/b: x',
  ];
  const before = [
    '',
    'generator: r',
    '# c',
    'generator: r # c\n\n',
    'probe:\n   samples: 3\n   # c',
    'x: |\n  t\n\n',
    'l:\n- a\n- b',
  ];
  const after = ['', '\n', '\n# end', '\nseed: 1', '\n\n\nseed: 1 # ü\n'];
  let written = 0;
  for (const eol of ['\n', '\r\n']) {
    for (const b of before) {
      for (const r of reviews) {
        for (const a of after) {
          const text = [b, r]
            .filter((part) => part !== '')
            .join('\n')
            .concat(a)
            .replaceAll('\n', eol);
          let edits: TextEdit[];
          try {
            edits = setVerdict(text, wood, accepted);
          } catch (error) {
            assert.match(String(error), /Mend it first|without changing/, JSON.stringify(text));
            continue;
          }
          const result = withEdits(text, edits);
          const [{ start, end }] = edits;
          assert.equal(result.slice(0, start), text.slice(0, start));
          assert.ok(result.endsWith(text.slice(end)));
          const was = (parse(text) ?? {}) as { review?: object | null };
          assert.deepEqual(
            parse(result),
            { ...was, review: { ...was.review, [wood]: accepted } },
            JSON.stringify(text),
          );
          // A file without a line break gives no hint; one with them keeps its kind.
          if (text.includes('\r\n')) assert.ok(!/[^\r]\n/.test(result), JSON.stringify(result));
          written++;
        }
      }
    }
  }
  assert.ok(written > 300, `${written}`);
});
