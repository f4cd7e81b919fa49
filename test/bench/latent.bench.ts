/** Drawing codes: it must never show beside the generator's own time. */
import { drawCodes } from '../../src/engine/latent';
import { median, type Benchmark } from './benchmark';

const dim = 512;
const count = 4000;

/** The same number of normals the easy way: Math.random, Math.log, Math.cos; neither seeded nor reproducible. */
function drawWithMath(out: Float32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 2 * Math.PI * Math.random();
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
}

export const benchmark: Benchmark = {
  name: 'latent',
  goal: 'reproducible codes at 5 million normals a second or more, in one thread',
  run() {
    const out = new Float32Array(count * dim);
    const rate = (milliseconds: number) => out.length / milliseconds / 1000;
    const ours = rate(median(7, () => drawCodes({ seed: 1, purpose: 'probe', dim }, 0, count, out)));
    const math = rate(median(7, () => drawWithMath(out)));
    return [
      {
        what: `codes, ${count} × ${dim}, normals a second`,
        ours: `${ours.toFixed(1)} M`,
        against: `Math.random and Math.log: ${math.toFixed(1)} M`,
        ratio: ours / math,
        goal: '≥ 5 M',
        met: ours >= 5,
      },
    ];
  },
};
