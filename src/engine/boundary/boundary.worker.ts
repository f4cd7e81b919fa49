/** The worker thread of `BoundaryPool`: one job in, one answer out. */
import { parentPort } from 'node:worker_threads';
import { Failure } from '../failure';
import { fitBoundary, type BoundaryJob } from './boundary';
import type { BoundaryAnswer } from './pool';

parentPort!.on('message', (job: BoundaryJob) => {
  let answer: BoundaryAnswer;
  try {
    answer = { fit: fitBoundary(job) };
  } catch (error) {
    answer =
      error instanceof Failure
        ? { failure: { kind: error.kind, message: error.message } }
        : { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort!.postMessage(answer, 'fit' in answer ? [answer.fit.normal.buffer as ArrayBuffer] : []);
});
