/** Sessions as the engine sees them: models opened on one device, in a worker thread of their own. */
import { Worker } from 'node:worker_threads';
import { Channel, RemoteError } from '../../protocol/channel';
import type { Device } from '../../protocol/results';
import { Failure, failed, interrupted } from '../failure';
import { workerFile } from '../worker-file';
import { engineSide, runtimeSide, type Tensor } from './conversation';
import { autoDevices } from './devices';
import { guardExit, newGate } from './gate';
import { smallestModel } from './smallest-model';
import { threadPort } from './thread-port';

export interface RunOptions {
  /** Aborting gives up waiting at once; a run that has begun ends in the worker, its result is dropped. */
  signal?: AbortSignal;
}

/** A model on a device. Runs are answered in the order in which they were asked for. */
export interface Session {
  readonly device: Device;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Feeds are copied, results are the caller's own.
   * @throws Failure when the model refuses the feeds, memory runs out, or the worker has died
   */
  run(feeds: Record<string, Tensor>, options?: RunOptions): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

/** One worker thread with its device. */
export interface Sessions {
  readonly device: Device;
  /** Version of ONNX Runtime. */
  readonly version: string;
  /** The reason why the worker died, or null while it lives. A dead one answers nothing: open new sessions. */
  readonly dead: Failure | null;
  open(model: Uint8Array, name: string): Promise<Session>;
  close(): Promise<void>;
}

export interface SessionsOptions {
  /** Threads of one run. Default: what ONNX Runtime sees fit, one a physical core. */
  threads?: number;
  /** Fail instead of running on the CPU what the device cannot do. */
  strict?: boolean;
  /** A folder with the user's own onnxruntime-node (for CUDA); setting `higan.onnxruntime`. */
  runtime?: string;
  /** Called by `auto` for each candidate (the model's self-test belongs here): one that throws is passed over. */
  accept?: (sessions: Sessions) => Promise<void>;
  /** Told why `auto` passed over a candidate. The last one's failure is thrown instead. */
  onRejected?: (device: Device, reason: Error) => void;
}

/**
 * Starts a worker thread and ONNX Runtime in it.
 * @param device `auto` takes the first of CUDA, DirectML, CoreML, WebGPU and CPU that is there and that `accept` accepts
 * @throws Failure that says what to install where the device is not there; with `auto` that of the last candidate, or the
 * first that is of the input (a damaged model, a runtime that is none): it would be the same on every device
 */
export async function openSessions(
  device: Device | 'auto',
  options: SessionsOptions = {},
): Promise<Sessions> {
  if (device !== 'auto') return ThreadSessions.start(device, options);
  const candidates = autoDevices(options.runtime ?? null);
  for (const [index, candidate] of candidates.entries()) {
    let sessions: Sessions | undefined;
    try {
      sessions = await ThreadSessions.start(candidate, options);
      await options.accept?.(sessions);
      return sessions;
    } catch (error) {
      await sessions?.close();
      // Another device mends neither; and nobody waits for another where the person has left.
      const final = error instanceof Failure && (error.kind === 'bad-input' || error.kind === 'interrupted');
      if (final || index === candidates.length - 1) throw error;
      options.onRejected?.(candidate, error instanceof Error ? error : new Error(String(error)));
    }
  }
  throw new Error('There is no device to choose from.');
}

class ThreadSessions implements Sessions {
  dead: Failure | null = null;
  version = '';
  private closing = false;

  private constructor(
    readonly device: Device,
    private readonly worker: Worker,
    private readonly channel: Channel<typeof engineSide, typeof runtimeSide>,
  ) {
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.die(
        memory
          ? 'ran out of memory. Close other programs, or choose another device'
          : `failed (${error.message})`,
        error,
      );
    });
    worker.on('exit', (code) => this.die(`ended unexpectedly (code ${code})`));
    // A finished command must not wait for idle sessions; while a call waits, `call` holds the process.
    worker.unref();
  }

  static async start(device: Device, options: SessionsOptions): Promise<ThreadSessions> {
    const gate = newGate();
    const worker = new Worker(workerFile('session.worker'), {
      name: `higan sessions (${device})`,
      // It hands buffers on, which do not count here, and keeps nothing: its own heap is 11 MB (measured). A heap that may
      // grow is cleared late, and would only look like a leak.
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 },
      workerData: { gate },
    });
    worker.on('exit', guardExit(gate));
    const channel = new Channel(threadPort(worker), engineSide, runtimeSide, {});
    const sessions = new ThreadSessions(device, worker, channel);
    try {
      const { version } = await sessions.answered(
        channel.call('start', {
          device,
          threads: options.threads ?? 0,
          strict: options.strict ?? false,
          runtime: options.runtime ?? null,
        }),
      );
      sessions.version = version;
      const probe = await sessions.open(smallestModel, 'device check');
      await probe.close();
      return sessions;
    } catch (error) {
      await sessions.close();
      throw error;
    }
  }

  async open(model: Uint8Array, name: string): Promise<Session> {
    const own = new Uint8Array(model);
    const { id, inputs, outputs } = await this.answered(
      this.channel.call('open', { model: own, name }, { transfer: [own.buffer] }),
    );
    return {
      device: this.device,
      name,
      inputs,
      outputs,
      run: (feeds, runOptions) => {
        // A view's whole buffer would travel with it: send copies of just the values, moved, not copied again.
        const own = Object.entries(feeds).map(
          ([input, { data, dims }]) => [input, { data: new Float32Array(data), dims }] as const,
        );
        const transfer = own.map(([, { data }]) => data.buffer);
        return this.answered(
          this.channel.call('run', { id, feeds: Object.fromEntries(own) }, { ...runOptions, transfer }),
        );
      },
      close: async () => {
        if (!this.dead && !this.closing) await this.answered(this.channel.call('release', { id }));
      },
    };
  }

  async close(): Promise<void> {
    if (this.closing) return;
    if (!this.dead) await this.answered(this.channel.call('stop', null)).catch(() => undefined);
    this.closing = true;
    this.channel.close(failed('The sessions were closed.'));
    await this.worker.terminate();
  }

  private waiting = 0;
  /** Waits for an answer of the worker: errors are Failures again, and the process stays alive meanwhile. */
  private async answered<T>(call: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) this.worker.ref();
    try {
      return await call;
    } catch (error) {
      throw asFailure(error);
    } finally {
      if (--this.waiting === 0) this.worker.unref();
    }
  }

  private die(what: string, cause?: unknown): void {
    if (this.dead || this.closing) return;
    this.dead = failed(
      `The ${this.device} sessions' worker thread ${what}. Finished work is in the store; run again to go on.`,
      cause,
    );
    this.channel.close(this.dead);
  }
}

function asFailure(error: unknown): unknown {
  if (!(error instanceof RemoteError)) return error;
  switch (error.kind) {
    case 'bad-input':
    case 'failed':
      return new Failure(error.kind, error.message, { cause: error });
    case 'interrupted':
      return interrupted();
    default:
      return error;
  }
}
