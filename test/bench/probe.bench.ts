/**
 * The probe's whole pipeline (draw codes, map, truncate, compose, score, read columns, write chunks) against the bare
 * ONNX sessions of generator and predictors, run back to back on codes that are ready: the price of everything that
 * is not the networks. In alternation, since the machine's speed drifts.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { drawCodes, layerCodes } from '../../src/engine/latent';
import { bundledModels, loadModel } from '../../src/engine/manifest';
import { openSessions } from '../../src/engine/session';
import { Laboratory, prepareStudy, runStudy } from '../../src/engine/study';
import { apparatusSettings } from '../../src/engine/study/run';
import type { Benchmark } from './benchmark';

const images = 1024;
const rounds = 5;
/** Batch sizes that the bare sessions may run at: the fastest is taken, as the study's own tuning does. */
const batches = [1, 2, 4, 8, 16];

export const benchmark: Benchmark = {
  name: 'probe',
  goal: 'the whole probe takes at most 1.03 × the time of the bare ONNX sessions run back to back',
  async run(note) {
    const model = await loadModel(path.join(bundledModels() as string, 'rooms'));
    const generator = model.manifest.generator;
    const predictor = model.manifest.predictors?.[0];
    if (!generator || !predictor) throw new Error('The bundled model has a generator and predictors.');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
    const sessions = await openSessions('cpu');
    try {
      const synthesis = await sessions.open(
        await readFile(model.file(generator.synthesis.file)),
        'synthesis',
      );
      const scoring = await sessions.open(await readFile(model.file(predictor.file)), 'predictors');
      const [L, D, R] = [generator.layers.length, generator.w?.dim ?? generator.z.dim, generator.resolution];
      const most = Math.max(...batches);
      const w = drawCodes({ seed: 1, purpose: 'probe', dim: D }, 0, most);
      const allCodes = layerCodes(w, most, D, L, null);
      const bare = async (batch: number, count = images): Promise<number> => {
        const codes = allCodes.slice(0, batch * L * D);
        const started = performance.now();
        for (let done = 0; done < count; done += batch) {
          const made = await synthesis.run({
            [generator.synthesis.input]: { data: codes, dims: [batch, L, D] },
          });
          const image = made[generator.synthesis.output].data;
          await scoring.run({ [predictor.input.name]: { data: image, dims: [batch, 3, R, R] } });
        }
        return performance.now() - started;
      };
      /** Milliseconds between the first and the last progress of the probe: opening models is not the pipeline. */
      const whole = async (seed: number): Promise<number> => {
        const file = path.join(folder, `${seed}.higan.yaml`);
        await writeFile(file, `generator: rooms\nseed: ${seed}\nprobe: { samples: ${images} }\n`);
        let first = 0;
        let last = 0;
        const progress = ({ done, total }: { done: number; total: number }): void => {
          if (done === 0) first = performance.now();
          if (done === total) last = performance.now();
        };
        await runStudy({ file, until: 'probe', device: 'cpu' }, { progress });
        return last - first;
      };
      const trial: number[] = [];
      for (const size of batches) {
        await bare(size, 64);
        trial.push(await bare(size, 128));
      }
      const batch = batches[trial.indexOf(Math.min(...trial))];
      note(`bare sessions run fastest at batches of ${batch}`);
      const file = path.join(folder, 'graph.higan.yaml');
      await writeFile(file, 'generator: rooms\n');
      const { experiment } = await prepareStudy({ file });
      const laboratory = await Laboratory.open({ device: 'cpu' }, []);
      const apparatus = await laboratory.apparatus(apparatusSettings(experiment));
      await apparatus.tune();
      /** The composed graph alone, on input rows that are ready. */
      const composed = async (): Promise<number> => {
        const feed = await apparatus.space.feed(w, apparatus.batch, []);
        const started = performance.now();
        for (let done = 0; done < images; done += apparatus.batch) await apparatus.run(feed, apparatus.batch);
        return performance.now() - started;
      };
      const ratios: number[] = [];
      const overGraph: number[] = [];
      const times = { bare: [] as number[], whole: [] as number[], graph: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        const before = await bare(batch);
        const ours = await whole(round + 1);
        const after = await bare(batch);
        const graph = await composed();
        ratios.push((2 * ours) / (before + after));
        overGraph.push(ours / graph);
        times.graph.push(graph);
        times.bare.push(before, after);
        times.whole.push(ours);
        note(
          `round ${round + 1}: bare ${before.toFixed(0)} ms, whole ${ours.toFixed(0)} ms, bare ${after.toFixed(0)} ms, composed graph alone ${graph.toFixed(0)} ms`,
        );
      }
      const middle = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];
      await laboratory.close();
      const ratio = middle(ratios);
      return [
        {
          what: `probe of ${images} images, rooms, CPU`,
          ours: `${((1000 * images) / middle(times.whole)).toFixed(0)} images/s`,
          against: `${((1000 * images) / middle(times.bare)).toFixed(0)} images/s bare`,
          ratio,
          goal: '≤ 1.03 ×',
          met: ratio <= 1.03,
        },
        {
          // Two sessions spin against each other's threads; the composed graph alone is the harder yardstick.
          what: '  the same against the composed graph alone',
          ours: `${((1000 * images) / middle(times.whole)).toFixed(0)} images/s`,
          against: `${((1000 * images) / middle(times.graph)).toFixed(0)} images/s`,
          ratio: middle(overGraph),
          goal: 'none',
          met: null,
        },
      ];
    } finally {
      await sessions.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
