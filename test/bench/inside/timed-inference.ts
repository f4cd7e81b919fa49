/**
 * The inference process with a stopwatch at the device: prints `device START END` (milliseconds since 1970) for each
 * stretch in which a preview waits for ONNX Runtime, a study's batch that is under way included.
 */
import { Apparatus } from '../../../src/engine/study/apparatus';
import { CodeSpace } from '../../../src/engine/study/code-space';

const now = (): number => performance.timeOrigin + performance.now();

/** Puts the stopwatch around a method of a class. */
function time<K extends string>(
  prototype: Record<K, (...args: never[]) => Promise<unknown>>,
  method: K,
): void {
  const original = prototype[method];
  prototype[method] = async function (this: unknown, ...args) {
    const start = now();
    try {
      return await original.apply(this, args);
    } finally {
      process.stdout.write(`device ${start} ${now()}\n`);
    }
  };
}

time(Apparatus.prototype, 'look');
time(CodeSpace.prototype, 'drawAt');

await import('../../../src/inference/main');
