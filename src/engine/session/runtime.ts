/** ONNX Runtime itself: loads the library, opens models on one device, runs them. Lives in the worker thread. */
import type * as Ort from 'onnxruntime-node';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Device } from '../../protocol/results';
import { badInput, failed, type Failure } from '../failure';
import type { Tensor } from './conversation';
import { remedy } from './devices';
import { outOfMemory } from './memory';

export interface RuntimeOptions {
  device: Device;
  /** Threads of one run; 0: as many as ONNX Runtime sees fit. */
  threads: number;
  /** Fail instead of running nodes on the CPU that the device lacks. */
  strict: boolean;
  /** A folder with the user's own onnxruntime-node, or null for the bundled one. */
  runtime: string | null;
}

interface Open {
  session: Ort.InferenceSession;
  name: string;
}

/** The sessions of one device. Runs are synchronous inside the library: this belongs in a worker thread. */
export class Runtime {
  private readonly open_ = new Map<number, Open>();
  private nextId = 1;

  private constructor(
    private readonly ort: typeof Ort,
    private readonly options: RuntimeOptions,
  ) {}

  /** @throws Failure when the library cannot be loaded. */
  static async load(options: RuntimeOptions): Promise<Runtime> {
    let ort: typeof Ort;
    try {
      ort = options.runtime === null ? await import('onnxruntime-node') : fromFolder(options.runtime);
    } catch (error) {
      throw badInput(
        options.runtime === null
          ? `ONNX Runtime could not be loaded (${line(error)}). Reinstall the package onnxruntime-node; on ${process.platform}-${process.arch} it may not be offered.`
          : `${options.runtime}: onnxruntime-node could not be loaded from there (${line(error)}). Name the folder in which 'npm i onnxruntime-node' was run.`,
        error,
      );
    }
    // Its own log goes straight to the terminal; what matters comes back as errors.
    ort.env.logLevel = 'fatal';
    return new Runtime(ort, options);
  }

  get version(): string {
    return this.ort.env.versions.node ?? this.ort.env.versions.common;
  }

  /** @throws Failure naming the model and the device. */
  async open(model: Uint8Array, name: string): Promise<{ id: number; inputs: string[]; outputs: string[] }> {
    const { device, threads, strict } = this.options;
    let session: Ort.InferenceSession;
    try {
      session = await this.ort.InferenceSession.create(model, {
        // Alone: beside others the binding drops a device that is not there without a word. The runtime itself
        // keeps the CPU for nodes that the device lacks.
        executionProviders: [device],
        graphOptimizationLevel: 'all',
        executionMode: 'sequential',
        logSeverityLevel: 4,
        interOpNumThreads: 1,
        ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
        ...(strict && device !== 'cpu' ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {}),
      });
    } catch (error) {
      throw this.cannotOpen(name, error);
    }
    const id = this.nextId++;
    this.open_.set(id, { session, name });
    return { id, inputs: [...session.inputNames], outputs: [...session.outputNames] };
  }

  /** @throws Failure naming the model; lack of memory is told apart (`isOutOfMemory`). */
  async run(id: number, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    const open = this.open_.get(id);
    if (!open) throw new Error(`There is no open session ${id}.`);
    const given: Record<string, Ort.Tensor> = {};
    for (const [name, { data, dims }] of Object.entries(feeds))
      given[name] = new this.ort.Tensor('float32', data, dims);
    let results: Ort.InferenceSession.OnnxValueMapType;
    try {
      results = await open.session.run(given);
    } catch (error) {
      throw cannotRun(open.name, this.options.device, error);
    }
    const tensors: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(results)) {
      if (!(value.data instanceof Float32Array))
        throw badInput(`${open.name}: output '${name}' is ${value.type}; float32 is expected.`);
      tensors[name] = { data: value.data, dims: [...value.dims] };
    }
    return tensors;
  }

  async release(id: number): Promise<void> {
    const open = this.open_.get(id);
    this.open_.delete(id);
    await open?.session.release();
  }

  async stop(): Promise<void> {
    for (const id of [...this.open_.keys()]) await this.release(id);
  }

  private cannotOpen(name: string, error: unknown): Failure {
    const text = line(error);
    const { device } = this.options;
    if (/fallback to CPU EP has been explicitly disabled/.test(text))
      return failed(
        `${name}: a node of this model cannot run on ${device}, and the CPU was ruled out.`,
        error,
      );
    // An argument may be one that only this device does not take: `auto` has to go on to the next.
    const model =
      /INVALID_PROTOBUF|protobuf parsing failed|INVALID_GRAPH|No Op registered|not a registered function/i;
    if (model.test(text) || (device === 'cpu' && /INVALID_ARGUMENT/i.test(text)))
      return badInput(`${name}: ONNX Runtime does not accept this model (${text}). Export it again.`, error);
    return failed(`${name}: no session could be opened on ${device} (${text}). ${remedy(device)}`, error);
  }
}

function cannotRun(name: string, device: Device, error: unknown): Failure {
  const text = line(error);
  // In words of their own: messages carry names of nodes, and 'bedroom' ends like one of them.
  if (/bad_alloc|failed to allocate|allocation failed|out[ _]?of[ _]?memory|\boom\b/i.test(text))
    return outOfMemory(`${name}: ${device}`, ` (${text})`, error);
  return failed(`${name}: the run on ${device} failed (${text}).`, error);
}

/** The user's folder may be the package itself, or a project that has it installed. */
function fromFolder(folder: string): typeof Ort {
  const require = createRequire(path.join(path.resolve(folder), 'package.json'));
  const own = require.resolve.paths('onnxruntime-node') ?? [];
  try {
    return require(require.resolve('onnxruntime-node', { paths: own })) as typeof Ort;
  } catch {
    return require(path.resolve(folder)) as typeof Ort;
  }
}

/** An error of the library on one line: they come with file names and stacks of its own sources. */
function line(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 400);
}
