import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { Failure } from '../../../src/engine/failure';
import { decodeObjectNpy, encodeObjectNpy, PickledArray, readPickle } from '../../../src/engine/formats';
import { bytesOf, formats, randomInteger } from './fixtures';

const { pickles, harmful } = formats();

/** The dictionary that a fixture holds. */
function valueOf(base64: string): Map<unknown, unknown> {
  const content = decodeObjectNpy(bytesOf(base64), 'x.npy');
  assert.ok(content.kind === 'object' && content.value instanceof Map);
  return content.value;
}

describe('pickles of numpy and Python', () => {
  for (let protocol = 0; protocol <= 5; protocol++) {
    test(`of protocol ${protocol} give plain values`, () => {
      const values = valueOf(pickles[`values ${protocol}`]);
      assert.equal(values.get('none'), null);
      assert.equal(values.get('yes'), true);
      assert.equal(values.get('no'), false);
      assert.equal(values.get('integer'), -70000);
      assert.equal(values.get('long'), 2 ** 40);
      assert.equal(values.get('small'), 7);
      assert.equal(values.get('float'), 0.1);
      assert.equal(values.get('text'), 'köln');
      assert.equal(values.get('quoted'), 'it\'s "so"');
      assert.deepEqual(
        Array.from(values.get('bytes') as Uint8Array),
        Array.from({ length: 256 }, (_, i) => i),
      );
      assert.deepEqual(values.get('list'), [1, [2, [3, 4, 5, 6]], []]);
      assert.deepEqual(
        [...(values.get('ordered') as Map<string, number>)],
        [
          ['b', 1],
          ['a', 2],
        ],
      );
      assert.equal(values.get('scalar'), 0.5);
      assert.equal(values.get('flag'), true);
      assert.deepEqual(
        values.get('fortran'),
        new PickledArray([2, 3], 'float64', new Float64Array([0, 1, 2, 3, 4, 5])),
      );
      assert.deepEqual(values.get('names'), new PickledArray([2], 'string', ['sofa', 'bed']));
    });

    test(`of protocol ${protocol} that would run something are refused by its name`, () => {
      assert.throws(
        () => decodeObjectNpy(bytesOf(harmful[`protocol ${protocol}`]), 'bad.npy'),
        (error: unknown) =>
          error instanceof Failure && /^bad\.npy wants to run "(posix|nt|os)\.system"/.test(error.message),
      );
    });

    for (const kind of ['boundary', 'table', 'values']) {
      test(`a ${kind} of protocol ${protocol}, cut off or changed anywhere, is a value or a sentence`, () => {
        const whole = bytesOf(pickles[`${kind} ${protocol}`]);
        const tryIt = (bytes: Uint8Array) => {
          try {
            decodeObjectNpy(bytes, 'x.npy');
          } catch (error) {
            assert.ok(error instanceof Failure, error instanceof Error ? error.stack : String(error));
          }
        };
        for (let length = 0; length < whole.length; length++) {
          assert.throws(
            () => decodeObjectNpy(whole.subarray(0, length), 'x.npy'),
            Failure,
            `${length} bytes`,
          );
        }
        const random = randomInteger(protocol + 100 * kind.length);
        for (let round = 0; round < 1000; round++) {
          const bytes = whole.slice();
          for (let i = 0; i <= random(5); i++) bytes[128 + random(whole.length - 128)] = random(256);
          tryIt(bytes);
        }
      });
    }
  }

  const pickle = (text: string) => Buffer.from(text, 'latin1');
  const refused = (text: string, pattern: RegExp, limits = {}) =>
    assert.throws(
      () => readPickle(pickle(text), 'x', limits),
      (error: unknown) => error instanceof Failure && pattern.test(error.message),
    );

  test('cannot name a function in any way that pickles have', () => {
    refused('cos\nsystem\n.', /wants to run "os\.system"/);
    refused('(S"ls"\nios\nsystem\n.', /wants to run "os\.system"/);
    refused('\x80\x04\x8c\x02os\x8c\x06system\x93.', /wants to run "os\.system"/);
    refused('cbuiltins\neval\n.', /"builtins\.eval"/);
    refused('cnumpy.core.multiarray\n__builtins__\n.', /"numpy\.core\.multiarray\.__builtins__"/);
    refused('cnumpy\nndarray.tofile\n.', /"numpy\.ndarray\.tofile"/);
    refused('Pid\n.', /persistent/);
    refused('\x82\x01.', /unknown instruction/);
  });

  test('cannot exhaust depth, values or memory', () => {
    refused(`${'('.repeat(1000)}.`, /nests more than/);
    refused(`N${'\x85'.repeat(1000)}.`, /nests more than/);
    refused(`(${'N'.repeat(2000)}l.`, /more than 1000 pickled values/, { values: 1000 });
    refused(`\x80\x04\x8d${'\xff'.repeat(8)}x.`, /cut off/);
    refused(`L${'9'.repeat(100_000)}\n.`, /number that is none/);
    // One text of 100 KB, turned into bytes again and again.
    const text = `X\xa0\x86\x01\x00${'x'.repeat(100_000)}q\x010`;
    refused(
      `${text}c_codecs\nencode\nq\x020${'h\x02h\x01\x85R0'.repeat(5000)}N.`,
      /unpacks to far more than it holds/,
    );
  });

  test('may refer to themselves without end', () => {
    const value = readPickle(pickle(']q\x00h\x00a.'), 'x') as unknown[];
    assert.equal(value[0], value);
  });

  test('written here read back the same', () => {
    const value = new Map<string, never>(
      Object.entries({
        a: [1, -2.5, 2 ** 40, 'ü', true, false, null, [], new Map()],
        b: { array: new Float64Array([1, 2, 3, 4]), dims: [2, 2] },
      }) as never,
    );
    const back = decodeObjectNpy(encodeObjectNpy(value), 'x');
    assert.ok(back.kind === 'object' && back.value instanceof Map);
    assert.deepEqual(back.value.get('a'), [1, -2.5, 2 ** 40, 'ü', true, false, null, [], new Map()]);
    assert.deepEqual(
      back.value.get('b'),
      new PickledArray([2, 2], 'float64', new Float64Array([1, 2, 3, 4])),
    );
  });
});
