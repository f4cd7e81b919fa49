/** What `sample` and `score` compute on: a device that was seen to make the right image and to take the very graphs. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import { failed } from '../../../src/engine/failure';
import { loadModel } from '../../../src/engine/manifest';
import type { openSessions, Session, Sessions } from '../../../src/engine/session';
import { sampleImages, scoreImages } from '../../../src/engine/study';
import { selfTest } from '../../../src/engine/study/laboratory';
import { openProven } from '../../../src/engine/study/proven-sessions';
import type { Device } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder } from './folders';

describe('a device', () => {
  /** Sessions that only know their device and whether they were closed. */
  const pretended = (device: Device, closed: Device[]): Sessions => ({
    ...{ device, version: '1', dead: null },
    open: () => Promise.reject(new Error('Nothing is opened here.')),
    close: () => Promise.resolve(void closed.push(device)),
  });
  /** `auto` on a machine with a GPU. */
  const starting =
    (closed: Device[]): typeof openSessions =>
    async (device, { accept, onRejected } = {}) => {
      if (device !== 'auto') return pretended(device, closed);
      const [gpu, cpu] = (['webgpu', 'cpu'] as const).map((each) => pretended(each, closed));
      await accept?.(gpu).catch(async (error: Error) => {
        await gpu.close();
        onRejected?.('webgpu', error);
      });
      await accept?.(cpu);
      return cpu;
    };
  const refusing = ({ device }: Sessions): Promise<Device> =>
    device === 'cpu' ? Promise.resolve(device) : Promise.reject(failed('The graph does not open.'));

  test('that refuses the graphs is passed over, and why is told', async () => {
    const [told, closed]: [string[], Device[]] = [[], []];
    const { sessions, opened } = await openProven(
      { log: (line) => told.push(line) },
      refusing,
      starting(closed),
    );
    assert.deepEqual([sessions.device, opened, closed], ['cpu', 'cpu', ['webgpu']]);
    assert.deepEqual(told, ['webgpu is not used: The graph does not open.']);
  });

  test('that was named has to pass, and is closed where it does not', async () => {
    const closed: Device[] = [];
    await assert.rejects(openProven({ device: 'webgpu' }, refusing, starting(closed)), {
      message: 'The graph does not open.',
    });
    assert.deepEqual(closed, ['webgpu']);
  });
});

/** A folder with the model `toy`, whose manifest wants another image than any device makes. */
async function withWrongImage(context: TestContext): Promise<string> {
  const folder = await temporaryFolder(context);
  const planted = [{ label: 'one', layers: [0], scale: 1 }];
  const { folder: model } = await writeLinearModel(path.join(folder, 'models'), planted);
  const manifest = path.join(model, 'manifest.yaml');
  const text = await readFile(manifest, 'utf8');
  const selfTest = JSON.stringify({ seed: 0, index: 0, thumbnail: new Array<number>(192).fill(1) });
  await writeFile(manifest, text.replace('generator:\n', `generator:\n  selfTest: ${selfTest}\n`));
  return folder;
}

for (const device of ['auto', 'cpu'] as const) {
  test(`a device that fails the self-test neither samples nor scores (--device ${device})`, async (context) => {
    const request = { from: await withWrongImage(context), device };
    const refused = { kind: 'failed', message: /toy: the self-test failed on cpu: / } as const;
    const images = sampleImages({ ...request, model: 'toy', indices: [0] });
    await assert.rejects(images.next(), refused);
    const black = { data: new Uint8Array(16 * 16 * 3), dims: [1, 16, 16, 3] };
    await assert.rejects(scoreImages({ ...request, predictors: ['toy'], images: black }), refused);
  });
}

test('a GPU has to run a model that has no self-test image, too', async (context) => {
  const folder = await temporaryFolder(context);
  const planted = [{ label: 'one', layers: [0], scale: 1 }];
  const model = await loadModel((await writeLinearModel(folder, planted)).folder);
  const opening =
    (run: Session['run']) =>
    (device: Device): Sessions => ({
      ...{ device, version: '1', dead: null },
      open: (_, name) =>
        Promise.resolve({ device, name, inputs: [], outputs: [], run, close: () => Promise.resolve() }),
      close: () => Promise.resolve(),
    });
  const refusing = opening(() => Promise.reject(failed('The shader does not compile.')));
  await assert.rejects(selfTest(model, refusing('webgpu')), { message: 'The shader does not compile.' });
  await selfTest(model, refusing('cpu'));
  const { resolution, w, mapping, synthesis } =
    model.manifest.generator ?? assert.fail('It has a generator.');
  const drawing = (value: number) =>
    opening(() =>
      Promise.resolve({
        [mapping?.output ?? '']: { data: new Float32Array(w?.dim ?? 0), dims: [1, w?.dim ?? 0] },
        [synthesis.output]: {
          data: new Float32Array(3 * resolution ** 2).fill(value),
          dims: [1, 3, resolution, resolution],
        },
      }),
    );
  await assert.rejects(
    selfTest(model, drawing(NaN)('webgpu')),
    /made on webgpu has pixels that are no numbers/,
  );
  await selfTest(model, drawing(0)('webgpu'));
});
