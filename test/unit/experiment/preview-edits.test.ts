import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { parse } from 'yaml';
import { addEdit, removeEdit, setJitter, setSamples } from '../../../src/engine/experiment';
import { write } from './written';

const wood = { concept: 'attribute/wood', step: 2, layers: 'all' };
const written = '{ concept: attribute/wood, step: 2, layers: all }';

const add = (text: string, edit: Parameters<typeof addEdit>[2] = wood): string =>
  write(text, (t) => addEdit(t, 'evening', edit));
const remove = (text: string, index: number): string => write(text, (t) => removeEdit(t, 'evening', index));

const sample = (text: string, ...samples: number[]): string =>
  write(text, (t) => setSamples(t, 'evening', samples));
const jitter = (text: string, change: Parameters<typeof setJitter>[2]): string =>
  write(text, (t) => setJitter(t, 'evening', change));

/** The preview as data. */
const preview = (text: string): Record<'samples' | 'edits' | 'jitter', unknown> =>
  (parse(text) as { previews: { evening: Record<'samples' | 'edits' | 'jitter', unknown> } }).previews
    .evening;
const edits = (text: string): unknown => preview(text).edits;

const block = `seed: 1
previews:
  # how it looks in the evening
  evening:
    samples: [1]   # one
    edits: # along these
      # the lamps
      - { concept: attribute/lighting,  step: 2 } # first
      # the walls
      - concept: color/red
        step: 1e0   # second
        # not more than this
      # the floor
      -   step: 3
          concept: "a"
    # what varies beside them
    jitter: { strength: 0.1 }
review: {}
`;

describe('an edit is added', () => {
  test('behind the others, in the form of the last, all comments staying where they are', () => {
    assert.equal(
      add(block),
      block.replace(
        '          concept: "a"\n',
        '          concept: "a"\n      - concept: attribute/wood\n        step: 2\n        layers: all\n',
      ),
    );
    const short = block.slice(0, block.indexOf('      # the floor'));
    const list = 'previews:\n  evening:\n    edits:\n      - { concept: a } # c\n      # tail\n';
    assert.equal(add(list), list.replace('# c\n', `# c\n      - ${written}\n`));
    assert.match(add(short), /# not more than this\n {6}- concept: attribute\/wood\n/);
  });

  test('as the first: behind an empty key with its comment, in place of `[]`, and where the key is missing', () => {
    const start = 'previews:\n  evening:\n    samples: [1] # one\n';
    const first = `\n      - ${written}\n`;
    assert.equal(
      add(`${start}    edits: # none yet\n    # tail\n    jitter: {}\n`),
      `${start}    edits: # none yet${first}    # tail\n    jitter: {}\n`,
    );
    assert.equal(
      add(`${start}    edits: []   # none yet\n    jitter: {}\n`),
      `${start}    edits:   # none yet${first}    jitter: {}\n`,
    );
    assert.equal(add(`${start}`), `${start}    edits:${first}`);
    assert.equal(
      add('previews: { evening: { edits: [ ] } }\n'),
      `previews: { evening: { edits: [${written} ] } }\n`,
    );
    assert.deepEqual(edits(add('previews:\n  evening:\n')), [wood]);
  });

  test('to a list on one line, with and without a last comma', () => {
    assert.equal(
      add('previews:\n  evening: { edits: [{concept: a}] } # one\n'),
      `previews:\n  evening: { edits: [{concept: a}, ${written}] } # one\n`,
    );
    assert.equal(
      add('previews:\n  evening:\n    edits: [{concept: a}, ] # one\n'),
      `previews:\n  evening:\n    edits: [{concept: a}, ${written}, ] # one\n`,
    );
  });

  test('to a bracketed list on lines of their own, behind the comment of the last', () => {
    const text =
      'previews:\n  evening:\n    edits: [\n      { concept: a }, # first\n      { concept: b }  # second\n    ] # end\n';
    assert.equal(
      add(text),
      text.replace('{ concept: b }  # second\n', `{ concept: b },  # second\n      ${written}\n`),
    );
    const comma = text.replace('{ concept: b }  # second', '{ concept: b },  # second');
    assert.equal(add(comma), comma.replace('# second\n', `# second\n      ${written},\n`));
  });

  test('with CRLF, without a last line break, and behind a text that ends in a line break of its own', () => {
    assert.equal(
      add('previews:\r\n  evening:\r\n    edits:\r\n    - {concept: a} # c'),
      `previews:\r\n  evening:\r\n    edits:\r\n    - {concept: a} # c\r\n    - ${written}`,
    );
    const folded = 'previews:\n  evening:\n    edits:\n      - concept: |-\n          a\n';
    assert.equal(
      add(folded),
      `${folded}      - concept: attribute/wood\n        step: 2\n        layers: all\n`,
    );
  });

  test('to a list that is shared, as a list of its own', () => {
    const text = 'a: &all\n  - { concept: a } # shared\npreviews:\n  evening:\n    edits: *all # these\n';
    const result = add(text);
    assert.deepEqual(edits(result), [{ concept: 'a' }, wood]);
    assert.ok(result.startsWith('a: &all\n  - { concept: a } # shared\n') && result.endsWith(' # these\n'));
  });
});

describe('an edit is removed', () => {
  test('with its own lines; the comments and the text of the others stay to the byte', () => {
    assert.equal(
      remove(block, 0),
      block.replace('      - { concept: attribute/lighting,  step: 2 } # first\n', ''),
    );
    assert.equal(
      remove(block, 1),
      block.replace(
        '      - concept: color/red\n        step: 1e0   # second\n        # not more than this\n',
        '',
      ),
    );
    assert.equal(remove(block, 2), block.replace('      -   step: 3\n          concept: "a"\n', ''));
  });

  test('the only one: the list becomes `[]`, comments around it stay', () => {
    const text =
      'previews:\n  evening:\n    edits: # along these\n      # the lamps\n      - { concept: a } # first\n      # no more\n    jitter: {}\n';
    const result = remove(text, 0);
    assert.equal(
      result,
      'previews:\n  evening:\n    edits: [] # along these\n      # the lamps\n      # no more\n    jitter: {}\n',
    );
    assert.deepEqual(edits(result), []);
    assert.equal(
      remove('previews:\n  evening:\n    edits:\n    - { concept: a }', 0),
      'previews:\n  evening:\n    edits: []',
    );
    assert.equal(
      remove('previews: { evening: { edits: [{concept: a}] } } # c\n', 0),
      'previews: { evening: { edits: [] } } # c\n',
    );
  });

  test('and added again: the list is in lines again', () => {
    const text = 'previews:\n  evening:\n    edits:\n      - { concept: a } # first\n    jitter: {}\n';
    assert.equal(
      add(remove(text, 0)),
      `previews:\n  evening:\n    edits:\n      - ${written}\n    jitter: {}\n`,
    );
  });

  test('from a list on one line, first, middle and last', () => {
    const text = 'previews:\n  evening: { edits: [{concept: a},  {concept: b}, {concept: c}] } # one\n';
    assert.equal(remove(text, 0), text.replace('{concept: a},  ', ''));
    assert.equal(remove(text, 1), text.replace('{concept: b}, ', ''));
    assert.equal(remove(text, 2), text.replace(', {concept: c}', ''));
  });

  test('from a bracketed list on lines of their own', () => {
    const text =
      'previews:\n  evening:\n    edits: [ # these\n      { concept: a }, # first\n      # between\n      { concept: b }  # second\n    ] # end\n';
    assert.equal(remove(text, 0), text.replace('      { concept: a }, # first\n', ''));
    assert.equal(remove(text, 1), text.replace('      { concept: b }  # second\n', ''));
    const only = remove(remove(text, 0), 0);
    assert.match(only, /edits: \[ # these\n {6}# between\n {4}\] # end\n$/);
    assert.deepEqual(edits(only), []);
  });

  test('with CRLF and at the end of a text without a last line break', () => {
    assert.equal(
      remove('previews:\r\n  evening:\r\n    edits:\r\n    - {concept: a} # c\r\n    - {concept: b}', 1),
      'previews:\r\n  evening:\r\n    edits:\r\n    - {concept: a} # c',
    );
  });

  test('must be there, and must not be shared with other places', () => {
    assert.throws(() => removeEdit(block, 'evening', 3), { name: 'Failure', message: /no edit 3/ });
    assert.throws(() => removeEdit(block, 'morning', 0), {
      name: 'Failure',
      message: /no preview 'morning'/,
    });
    assert.throws(() => addEdit(block, 'morning', wood), { name: 'Failure' });
    const shared = 'previews:\n  evening:\n    edits: &e\n      - { concept: a }\n  night: { edits: *e }\n';
    assert.throws(() => removeEdit(shared, 'evening', 0), {
      name: 'Failure',
      message: /without changing other parts/,
    });
    assert.throws(() => addEdit('previews: [', 'evening', wood), {
      name: 'Failure',
      message: /Mend it first/,
    });
  });
});

describe('samples', () => {
  const flow = 'previews:\n  evening:\n    samples: [0,  7, 0x9] # these\n    edits: []\n';
  const lines = `previews:
  evening:
    samples: # these
      # the dark one
      - 3 # dark
      # the bright one
      -  14   # bright
      # the odd one
      - 0xf # odd
      # no more
    edits: []
`;

  test('are added behind the others, removed and changed where they stand; what stays keeps its text', () => {
    assert.equal(sample(flow, 0, 7, 9, 12, 5), flow.replace('0x9', '0x9, 12, 5'));
    assert.equal(sample(flow, 7, 9), flow.replace('0,  ', ''));
    assert.equal(sample(flow, 0, 8, 9), flow.replace('7', '8'));
    assert.equal(sample(flow, 0, 9, 4), flow.replace('7, 0x9', '0x9, 4'));
    assert.equal(sample(flow, 0, 7, 9), flow);
  });

  test('on lines of their own keep every comment between them', () => {
    assert.equal(sample(lines, 3, 14, 15, 9), lines.replace('# odd\n', '# odd\n      - 9\n'));
    assert.equal(sample(lines, 3, 15), lines.replace('      -  14   # bright\n', ''));
    assert.equal(sample(lines, 3, 2, 15), lines.replace('-  14 ', '-  2 '));
    assert.equal(
      sample(lines, 7),
      lines.replace('      - 3 # dark\n', '').replace('      -  14   # bright\n', '').replace('0xf', '7'),
    );
  });

  test('that the file leaves to their default, or shares, are written as a list of their own', () => {
    assert.equal(
      sample('previews:\n  evening: # here\n    edits: []\n', 4, 5),
      'previews:\n  evening: # here\n    edits: []\n    samples: [4, 5]\n',
    );
    assert.equal(
      sample('a: &some [1] # shared\npreviews:\n  evening:\n    samples: *some # these\n', 1, 2),
      'a: &some [1] # shared\npreviews:\n  evening:\n    samples: [1, 2] # these\n',
    );
    const shared = 'previews:\n  evening:\n    samples: &s [1]\n  night: { samples: *s }\n';
    assert.throws(() => setSamples(shared, 'evening', [1, 2]), { message: /without changing other parts/ });
    assert.throws(() => setSamples(flow, 'morning', [1]), { message: /no preview 'morning'/ });
  });
});

describe('jitter', () => {
  const text = `previews:
  evening:
    samples: [1]
    jitter: # what varies
      # not too much
      strength: 3.0e-1 # of the move
      seed:   1 # ours
    # the walls
    edits: []
`;

  test('is changed number by number; the others keep their text, and defaults stay unwritten', () => {
    assert.equal(jitter(text, { seed: 42 }), text.replace('  1 # ours', '  42 # ours'));
    assert.equal(jitter(text, { strength: 0.5, seed: 1 }), text.replace('3.0e-1', '0.5'));
    assert.equal(jitter(text, { variants: 2 }), text.replace('# ours\n', '# ours\n      variants: 2\n'));
    assert.equal(
      jitter('previews:\n  evening: { jitter: {seed: 1,   variants: 3} } # c\n', { variants: 4 }),
      'previews:\n  evening: { jitter: {seed: 1,   variants: 4} } # c\n',
    );
  });

  test('is begun and removed as a whole', () => {
    const first = { strength: 0.3, variants: 4, seed: 1 };
    const without = text.replace(/ {4}jitter(.|\n)*?(?= {4}# the walls)/, '');
    assert.equal(jitter(text, null), without);
    assert.equal(jitter(without, first), `${without}    jitter: { strength: 0.3, variants: 4, seed: 1 }\n`);
    assert.deepEqual(preview(jitter('previews:\n  evening:\n    jitter: # c\n', first)), { jitter: first });
    assert.equal(jitter(without, null), without);
    assert.throws(() => setJitter(text, 'morning', null), { message: /no preview 'morning'/ });
  });
});

test('whatever the list of samples looks like: every comment between those that stay, and the data is what was meant', () => {
  const lists = [
    'samples: # k\n  # a\n  - 0 # own a\n  # b\n  - 1 # own b\n  # c\n  - 2 # own c\n  # end',
    'samples:\n# a\n- 0 # own a\n\n# b\n-\n  1\n# c\n- 2',
    'samples: [ # k\n  # a\n  0, # own a\n  # b\n  1 # own b\n  , # comma\n  2\n  # end\n]',
    'samples: [0, 1,\n  # c\n  2] # end',
    'samples: [0, # own a\n  1, 2, # own c\n]',
  ];
  const wanted = [[0], [1], [2], [0, 2], [2, 1, 0], [0, 1, 2, 3], [7, 8, 9], [3, 0, 1, 2], [5, 1], [1, 2, 6]];
  let checked = 0;
  for (const eol of ['\n', '\r\n']) {
    for (const list of lists) {
      for (const tail of ['', '\n', '\n\njitter: { seed: 2 } # j\n']) {
        const inner = (list + tail).replaceAll('\n', '\n    ').trimEnd();
        const text = `previews:\n  evening:\n    ${inner}${tail && '\n'}`.replaceAll('\n', eol);
        for (const samples of wanted) {
          const result = sample(text, ...samples);
          assert.deepEqual(preview(result), { ...preview(text), samples }, JSON.stringify({ text, result }));
          const between = (all: string): string[] =>
            comments(all).filter((each) => !each.startsWith('# own'));
          assert.deepEqual(between(result), between(text), JSON.stringify({ text, result }));
          // Only an entry that goes takes its own comment with it.
          if (samples.length >= 3 && samples.includes(0)) assert.deepEqual(comments(result), comments(text));
          if (eol === '\r\n') assert.ok(!/[^\r]\n/.test(result), JSON.stringify(result));
          checked++;
        }
      }
    }
  }
  assert.equal(checked, 2 * lists.length * 3 * wanted.length);
});

test('whatever the list looks like: the others and every comment between them stay, and the data is what was meant', () => {
  const lists = [
    'edits: # k\n  # a\n  - { concept: a } # own a\n  # b\n  - { concept: b } # own b\n  # c\n  - { concept: c } # own c\n  # end',
    'edits:\n# a\n- concept: a # own a\n  step: 1\n\n# b\n- concept: b\n  # own b\n  step: 2\n# c\n-\n  concept: c',
    'edits: [ # k\n  # a\n  {concept: a}, # own a\n  # b\n  {concept: b} # own b\n  , # comma\n  {concept: c}\n  # end\n]',
    'edits: [{concept: a}, {concept: b},\n  # c\n  {concept: c}] # end',
    'edits: [{concept: a}, # own a\n  {concept: b}, {concept: c}, # own c\n]',
    'edits:\n  - {concept: a}\n  - concept: |\n      b # no comment\n  - concept: >-\n      c\n\n# end',
  ];
  let checked = 0;
  for (const eol of ['\n', '\r\n']) {
    for (const list of lists) {
      for (const tail of ['', '\n', '\n\njitter: { seed: 2 } # j\n']) {
        const lines = (list + tail).replaceAll('\n', '\n    ').trimEnd();
        const text = `previews:\n  evening:\n    ${lines}${tail && '\n'}`.replaceAll('\n', eol);
        const before = edits(text) as object[];
        const changes: [string, unknown][] = [
          [add(text), [...before, wood]],
          ...before.map((_, index): [string, unknown] => [
            remove(text, index),
            before.filter((_, at) => at !== index),
          ]),
        ];
        for (const [result, wanted] of changes) {
          assert.deepEqual(edits(result), wanted, JSON.stringify({ text, result }));
          assert.deepEqual(
            comments(result).filter((each) => !each.startsWith('# own')),
            comments(text).filter((each) => !each.startsWith('# own')),
            JSON.stringify({ text, result }),
          );
          if (eol === '\r\n') assert.ok(!/[^\r]\n/.test(result), JSON.stringify(result));
          checked++;
        }
      }
    }
  }
  assert.equal(checked, 2 * lists.length * 3 * 4);
});

const comments = (text: string): string[] => text.match(/# (?!no comment)[^\r\n]*/g) ?? [];
