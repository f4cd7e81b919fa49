/** Boundaries of many concepts at once, on worker threads. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Failure, failed, interrupted, type FailureKind } from '../failure';
import { workerFile } from '../worker-file';
import type { BoundaryFit, BoundaryJob } from './boundary';

/** What a worker sends back: a fit, an answer for the user, or a fault of ours. */
export type BoundaryAnswer =
  { fit: BoundaryFit } | { failure: { kind: FailureKind; message: string } } | { bug: string };

/** A job that waits or runs. Settling it twice does nothing. */
interface Task {
  job: BoundaryJob;
  resolve(fit: BoundaryFit): void;
  reject(reason: unknown): void;
}

/**
 * A fixed number of worker threads that fit boundaries in the order in which they were asked for. Threads start at
 * first need. A job's result depends on the job alone, not on the number of threads or on what else runs.
 */
export class BoundaryPool {
  readonly #threads: number;
  readonly #file: string;
  readonly #waiting: Task[] = [];
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Task>();
  /** The jobs that each signal stops: one listener a signal, since a study queues all its fits under one. */
  readonly #watched = new Map<AbortSignal, { tasks: Set<Task>; listener: () => void }>();
  #closed = false;

  /**
   * @param threads default: as many as the machine runs at once
   * @param file the worker's built file; tests give one that breaks
   */
  constructor(threads: number = availableParallelism(), file: string = workerFile('boundary.worker')) {
    this.#threads = Math.max(1, Math.floor(threads));
    this.#file = file;
  }

  /**
   * Fits one boundary. The memory of `job.codes` and `job.labels` goes to the worker: the caller's arrays are empty
   * afterwards (copy them first where they are needed again, or where they are views of a larger array).
   *
   * @throws Failure when there is no such boundary, the worker died, or `signal` was aborted (interrupted).
   */
  fit(job: BoundaryJob, signal?: AbortSignal): Promise<BoundaryFit> {
    return new Promise<BoundaryFit>((resolve, reject) => {
      if (this.#closed) throw new Error('BoundaryPool: a job after close().');
      if (signal?.aborted) throw interrupted();
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          if (signal) this.#unwatch(signal, task);
          settle(value);
        };
      const task: Task = { job, resolve: settled(resolve), reject: settled(reject) };
      if (signal) this.#watch(signal, task);
      this.#waiting.push(task);
      this.#next();
    });
  }

  /** Ends all threads. Jobs that wait or run are rejected as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#waiting.splice(0)) task.reject(interrupted());
    const workers = [...this.#idle.splice(0), ...this.#running.keys()];
    for (const task of this.#running.values()) task.reject(interrupted());
    this.#running.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#threads && !this.#closed) {
      const task = this.#waiting.shift()!;
      const worker = this.#idle.pop() ?? this.#start();
      this.#running.set(worker, task);
      worker.ref(); // a running job keeps the process alive; an idle thread does not
      const { codes, labels } = task.job;
      try {
        worker.postMessage(task.job, [
          ...new Set([codes.buffer as ArrayBuffer, labels.buffer as ArrayBuffer]),
        ]);
      } catch (error) {
        this.#release(worker);
        task.reject(error);
      }
    }
  }

  #release(worker: Worker): void {
    this.#running.delete(worker);
    worker.unref();
    this.#idle.push(worker);
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    let cause: unknown;
    worker.on('message', (answer: BoundaryAnswer) => {
      const task = this.#running.get(worker);
      if (!task) return; // aborted in the meantime
      this.#release(worker);
      if ('fit' in answer) task.resolve(answer.fit);
      else if ('failure' in answer) task.reject(new Failure(answer.failure.kind, answer.failure.message));
      else task.reject(new Error(`Fitting '${task.job.name}': ${answer.bug}`));
      this.#next();
    });
    worker.on('error', (error) => (cause = error));
    worker.on('exit', (code) => {
      const idle = this.#idle.indexOf(worker);
      if (idle >= 0) this.#idle.splice(idle, 1);
      const task = this.#running.get(worker);
      this.#running.delete(worker);
      const reason = cause instanceof Error ? cause.message : `exit code ${code}`;
      task?.reject(
        failed(
          `The thread that fitted the boundary of '${task.job.name}' stopped (${reason}). What was finished is in ` +
            'the store; run again to go on, with fewer probe.positives and probe.negatives where memory is short.',
          cause,
        ),
      );
      this.#next();
    });
    return worker;
  }

  #watch(signal: AbortSignal, task: Task): void {
    const watched = this.#watched.get(signal);
    if (watched) {
      watched.tasks.add(task);
      return;
    }
    const tasks = new Set([task]);
    const listener = (): void => [...tasks].forEach((one) => this.#abort(one));
    this.#watched.set(signal, { tasks, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  #unwatch(signal: AbortSignal, task: Task): void {
    const watched = this.#watched.get(signal);
    if (!watched?.tasks.delete(task) || watched.tasks.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener('abort', watched.listener);
  }

  /** A waiting job is dropped; a running one takes its thread with it, and the next job gets a fresh one. */
  #abort(task: Task): void {
    const waiting = this.#waiting.indexOf(task);
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    for (const [worker, running] of this.#running) {
      if (running !== task) continue;
      this.#running.delete(worker);
      void worker.terminate();
    }
    task.reject(interrupted());
    this.#next();
  }
}
