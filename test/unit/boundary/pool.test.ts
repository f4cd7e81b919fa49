import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, describe } from 'node:test';
import { BoundaryPool, fitBoundary, type BoundaryJob } from '../../../src/engine/boundary';
import { Failure } from '../../../src/engine/failure';
import { Stream } from '../../../src/engine/latent';
import { cosine, problem } from './problems';

/** A fresh job each time, because a pool takes its memory. */
function job(seed: number, changes: Partial<BoundaryJob> = {}): BoundaryJob {
  const { codes, labels } = problem({ seed, n: 300, dim: 16, flipped: 0.1 });
  return {
    name: `attribute/${seed}`,
    codes,
    labels,
    method: 'svm',
    C: 1,
    validation: 0.3,
    seed: 7,
    ...changes,
  };
}

describe('a boundary of a concept', () => {
  test('is a unit normal in float32, with its intercept in the same scale', () => {
    const input = job(1);
    const fit = fitBoundary(input);
    assert.ok(Math.abs(Math.hypot(...fit.normal) - 1) < 1e-6);
    let right = 0;
    const judged = new Stream(7, 'split', 0).permutation(300).subarray(210);
    for (const i of judged) {
      let distance = fit.intercept;
      for (let j = 0; j < 16; j++) distance += fit.normal[j] * input.codes[i * 16 + j];
      if (distance > 0 === input.labels[i] > 0) right += 1;
    }
    assert.deepEqual([fit.trained, fit.validated], [210, 90]);
    assert.equal(fit.accuracy, right / 90);
    assert.ok(fit.accuracy > 0.7 && fit.accuracy < 1, `accuracy ${fit.accuracy}`);
    assert.ok(fit.gap! <= 1e-4 && fit.support! > 0);
  });

  test('is fitted to the training part alone', () => {
    const input = job(1);
    for (const i of new Stream(7, 'split', 0).permutation(300).subarray(210)) {
      input.codes.fill(0, i * 16, (i + 1) * 16);
      input.labels[i] *= -1;
    }
    assert.deepEqual(fitBoundary(input).normal, fitBoundary(job(1)).normal);
  });

  test('without validation is fitted to all codes, and its accuracy is theirs', () => {
    const fit = fitBoundary(job(1, { validation: 0 }));
    assert.deepEqual([fit.trained, fit.validated], [300, 0]);
    assert.ok(fit.accuracy > 0.8);
  });

  test('another seed splits otherwise', () => {
    assert.notDeepEqual(fitBoundary(job(1)).normal, fitBoundary(job(1, { seed: 8 })).normal);
  });

  test('points to the positives', () => {
    const { planted } = problem({ seed: 1, n: 1, dim: 16 });
    for (const method of ['svm', 'logistic', 'lda'] as const) {
      assert.ok(cosine(fitBoundary(job(1, { method })).normal, planted) > 0.85);
    }
  });

  test('with positives and negatives at the same place in the mean is a Failure', () => {
    const codes = new Float32Array([1, 2, -1, -2, 1, 2, -1, -2]);
    const input = { ...job(1), codes, labels: new Int8Array([1, 1, -1, -1]), validation: 0 };
    for (const method of ['svm', 'logistic', 'lda'] as const) {
      assert.throws(
        () => fitBoundary({ ...input, method }),
        (error) => error instanceof Failure && /has no direction/.test(error.message),
      );
    }
  });
});

describe('a pool of threads', () => {
  const pools: BoundaryPool[] = [];
  const pool = (...options: ConstructorParameters<typeof BoundaryPool>) => {
    const made = new BoundaryPool(...options);
    pools.push(made);
    return made;
  };
  const folder = mkdtempSync(path.join(tmpdir(), 'higan-pool-'));
  after(async () => {
    await Promise.all(pools.map((each) => each.close()));
    rmSync(folder, { recursive: true });
  });
  const workerOf = (name: string, source: string) => {
    const file = path.join(folder, `${name}.mjs`);
    writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${source}`);
    return file;
  };

  test('gives what fitBoundary gives, whatever the number of threads', async () => {
    const alone = [1, 2, 3, 4, 5].map((seed) => fitBoundary(job(seed)));
    for (const threads of [1, 3]) {
      const fits = await Promise.all([1, 2, 3, 4, 5].map((seed) => pool(threads).fit(job(seed))));
      assert.deepEqual(fits, alone);
      const shared = pool(threads);
      assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((seed) => shared.fit(job(seed)))), alone);
    }
  });

  test('takes the memory of codes and labels instead of copying it', async () => {
    const input = job(1);
    const fitted = pool(1).fit(input);
    assert.equal(input.codes.length, 0);
    assert.equal(input.labels.length, 0);
    await fitted;
  });

  test('passes a Failure on as one, and goes on with the next job', async () => {
    const one = pool(1);
    const bad = one.fit(job(1, { labels: new Int8Array(300).fill(1) }));
    const good = one.fit(job(2));
    await assert.rejects(
      bad,
      (error) => error instanceof Failure && /attribute\/1.*positives/.test(error.message),
    );
    assert.deepEqual(await good, fitBoundary(job(2)));
  });

  test('a fault of ours is no Failure: it keeps its stack', async () => {
    const fitted = pool(1).fit(job(1, { validation: 2 }));
    await assert.rejects(
      fitted,
      (error) => !(error instanceof Failure) && /fitBoundary.*share of 2/.test(String(error)),
    );
  });

  test('an abort ends a running job and drops a waiting one; the others are fitted', async () => {
    const one = pool(1);
    const running = new AbortController();
    const waiting = new AbortController();
    const large = problem({ seed: 3, n: 4000, dim: 256, flipped: 0.1 });
    const first = one.fit({ ...job(3), ...large }, running.signal);
    const second = one.fit(job(4), waiting.signal);
    const third = one.fit(job(5));
    const interrupted = (error: unknown) => error instanceof Failure && error.kind === 'interrupted';
    waiting.abort();
    await assert.rejects(second, interrupted);
    running.abort();
    await assert.rejects(first, interrupted);
    assert.deepEqual(await third, fitBoundary(job(5)));
    await assert.rejects(one.fit(job(6), AbortSignal.abort()), interrupted);
  });

  test('many jobs under one signal hang one listener on it, and none once they have ended', async () => {
    const one = pool(1);
    const { signal } = new AbortController();
    const fits = Array.from({ length: 12 }, (_, i) => one.fit(job(i), signal));
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    await Promise.all(fits);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  test('an abort ends all jobs of its signal', async () => {
    const one = pool(1);
    const stop = new AbortController();
    const fits = Array.from({ length: 4 }, (_, i) => one.fit(job(i), stop.signal));
    stop.abort();
    const outcomes = await Promise.allSettled(fits);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Failure).kind),
      fits.map(() => 'interrupted'),
    );
  });

  test('a thread that dies is a Failure naming the concept, and the next job gets a fresh thread', async () => {
    const file = workerOf(
      'dies',
      `parentPort.on('message', (job) => {
        if (job.name === 'attribute/1') process.exit(3);
        if (job.name === 'attribute/2') throw new Error('out of memory');
        parentPort.postMessage({ fit: { normal: new Float32Array([1]), intercept: 0 } });
      });`,
    );
    const one = pool(1, file);
    const [exits, throws, answers] = [1, 2, 3].map((seed) => one.fit(job(seed)));
    await assert.rejects(
      exits,
      (error) => error instanceof Failure && /attribute\/1.*exit code 3/.test(error.message),
    );
    await assert.rejects(
      throws,
      (error) => error instanceof Failure && /attribute\/2.*out of memory/.test(error.message),
    );
    assert.deepEqual((await answers).normal, new Float32Array([1]));
  });

  test('close() rejects what waits and runs as interrupted, and takes no more jobs', async () => {
    const one = pool(1, workerOf('sleeps', `parentPort.on('message', () => {});`));
    const jobs = [one.fit(job(1)), one.fit(job(2))];
    const rejections = jobs.map((fitted) =>
      assert.rejects(fitted, (error) => error instanceof Failure && error.kind === 'interrupted'),
    );
    await one.close();
    await Promise.all(rejections);
    await assert.rejects(one.fit(job(3)), /after close/);
  });
});
