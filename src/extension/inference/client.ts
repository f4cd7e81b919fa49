/**
 * The owner of the window's one inference process: starts it at first need, ends it when idle, starts it again when it
 * crashed. A study that was running continues from the store; a preview is asked for again by whoever wants it.
 * Knows nothing of VS Code, so that it is tested against real processes without a window.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable } from 'vscode';
import type { z } from 'zod';
import { CancelledError, RemoteError } from '../../protocol/channel';
import type { inferenceSide, PreviewCellMessage, SegmentedCellMessage } from '../../protocol/inference';
import { stages } from '../../protocol/experiment';
import type { Progress, StudyResult, WorkProgress } from '../../protocol/results';
import { withChange } from '../../protocol/results-change';
import { BackOff } from './back-off';
import { describeEnding, InferenceProcess, ProcessEnded, type Ending } from './process';

type Calls = (typeof inferenceSide)['calls'];
type Params<N extends keyof Calls> = z.input<Calls[N]['params']>;
type Result<N extends keyof Calls> = z.infer<Calls[N]['result']>;

/** What a run ends with. */
type RunOutcome = Result<'run'> & { result: StudyResult };

export type Heartbeat = z.infer<(typeof inferenceSide)['events']['heartbeat']>;

/** What runs: the product's version, and the Node that it runs on. */
export type Hello = Pick<Result<'hello'>, 'version' | 'node'>;

export interface ClientOptions {
  entry: string;
  nodePath(): string | undefined;
  idleMinutes(): number;
  log: (line: string) => void;
  /**
   * Told once for each crash while somebody waited for an answer, and not for the last of three: that one is the run's
   * own error. `continues`: whether a study goes on by itself.
   */
  crashed(message: string, continues: boolean): void;
  /** Why no process may be started, in a sentence with the remedy; null, or left out: it may. */
  mayNotStart?(): string | null;
}

/** Calls that send something for each cell of a preview. */
type CellCall = 'preview' | 'segmentPreview';

/** Calls that tell how far they are. */
export type LongCall = 'transition' | 'checkModels' | 'exportArrays' | 'cleanStore';

export interface RunEvents {
  progress(progress: Progress): void;
  partial(result: StudyResult): void;
}

/** `off`: no process. `starting` until it answers. Else what its last heartbeat said. */
export type ClientState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'up'; pid: number; runs: Hello | null; heartbeat: Heartbeat | null };

let runs = 0;
let works = 0;

export class InferenceClient implements Disposable {
  private process: InferenceProcess | null = null;
  /** The process that is being ended: nobody may ask it for anything any more. */
  private ending: Promise<void> | null = null;
  private busy = 0;
  private running = 0;
  /** How many previews are visible. */
  private attending = 0;
  private readonly told = new WeakSet<Ending>();
  private idleTimer: NodeJS.Timeout | undefined;
  private disposed = false;
  private current: ClientState = { kind: 'off' };
  private readonly watchers = new Set<(state: ClientState) => void>();

  constructor(private readonly options: ClientOptions) {}

  get state(): ClientState {
    return this.current;
  }

  onDidChangeState(watcher: (state: ClientState) => void): Disposable {
    this.watchers.add(watcher);
    return { dispose: () => this.watchers.delete(watcher) };
  }

  /** Runs or resumes a study; survives crashes of the process as `BackOff` says. */
  async run(request: Omit<Params<'run'>, 'id'>, events: RunEvents, signal: AbortSignal): Promise<RunOutcome> {
    this.running++;
    try {
      return await this.runThrough(request, events, signal);
    } finally {
      this.running--;
    }
  }

  private async runThrough(
    request: Omit<Params<'run'>, 'id'>,
    events: RunEvents,
    signal: AbortSignal,
  ): Promise<RunOutcome> {
    const backOff = new BackOff();
    /** The furthest (stage, done) seen in any life of the process. */
    let furthest = [-1, -1];
    for (;;) {
      const id = `run-${++runs}`;
      try {
        return await this.use(async (process) => {
          let result: StudyResult | null = null;
          const stop = [
            process.channel.on('progress', ({ id: of, ...progress }) => {
              if (of !== id) return;
              const place = [stages.indexOf(progress.stage), progress.done];
              if (place[0] > furthest[0] || (place[0] === furthest[0] && place[1] > furthest[1])) {
                furthest = place;
                backOff.progressed();
              }
              events.progress(progress);
            }),
            process.channel.on('partial', ({ id: of, change, more }) => {
              if (of !== id) return;
              result = withChange(result, change);
              if (!more) events.partial(result);
            }),
          ];
          try {
            const answer = await process.channel.call('run', { ...request, id }, { signal });
            if (!result) throw new Error('The inference process told no result of the study.');
            return { ...answer, result };
          } finally {
            for (const end of stop) end();
          }
        });
      } catch (error) {
        if (signal.aborted || this.disposed) throw error;
        if (this.wasRestarted(error)) continue;
        if (!(error instanceof ProcessEnded) || !error.started) throw error;
        const wait = backOff.crashed();
        if (wait !== null) this.tellCrash(error);
        if (wait === null) {
          this.told.add(error.ending);
          const last = error.ending.lastWords.trim().split('\n').at(-1);
          throw new Error(
            `${error.message} It happened three times without any progress, so the study was stopped; what was finished ` +
              `is in the store.${last ? ` Its last words: ${last}` : ''}`,
            { cause: error },
          );
        }
        await sleep(wait, undefined, { signal }).catch(() => {
          throw new CancelledError();
        });
      }
    }
  }

  /** Renders a preview; `cell` is called as images come, and before the first `rendering` with the names of its scores. */
  preview(
    request: Params<'preview'>,
    cell: (cell: PreviewCellMessage) => void,
    signal: AbortSignal,
    rendering: (concepts: string[]) => void = () => undefined,
  ): Promise<Result<'preview'>> {
    return this.cells('preview', request, signal, ({ channel }) => [
      channel.on(
        'rendering',
        sentFor(request, ({ concepts }) => rendering(concepts)),
      ),
      channel.on('cell', sentFor(request, cell)),
    ]);
  }

  /** Segments a preview; `cell` is called as label maps come. */
  async segment(
    request: Params<'segmentPreview'>,
    cell: (cell: SegmentedCellMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.cells('segmentPreview', request, signal, ({ channel }) => [
      channel.on('segmented', sentFor(request, cell)),
    ]);
  }

  /** @param listen listens to what the process sends meanwhile, and returns what stops it */
  private cells<N extends CellCall>(
    name: N,
    request: Params<N>,
    signal: AbortSignal,
    listen: (process: InferenceProcess) => (() => void)[],
  ): Promise<Result<N>> {
    return this.ask(signal, async (process) => {
      const stop = listen(process);
      try {
        return await process.channel.call<N>(name, request as never, { signal });
      } finally {
        for (const end of stop) end();
      }
    });
  }

  /** A call that tells how far it is; a crash rejects it. */
  async work<N extends LongCall>(
    name: N,
    params: Omit<Params<N>, 'id'>,
    progress: (progress: WorkProgress) => void,
    signal?: AbortSignal,
  ): Promise<Result<N>> {
    const id = `work-${++works}`;
    return this.ask(signal, async (process) => {
      const stop = process.channel.on('work', ({ id: of, ...told }) => {
        if (of === id) progress(told);
      });
      try {
        return await process.channel.call<N>(name, { ...params, id } as never, { signal });
      } finally {
        stop();
      }
    });
  }

  /** Any other call of the process; a crash rejects it. */
  async call<N extends Exclude<keyof Calls, 'run' | CellCall | 'shutdown' | LongCall>>(
    name: N,
    params: Params<N>,
    signal?: AbortSignal,
  ): Promise<Result<N>> {
    return this.ask(signal, (process) => process.channel.call<N>(name, params as never, { signal }));
  }

  /** A preview became visible, or one that was is so no more. Starts nothing. */
  attend(visible: boolean): void {
    const before = this.attending > 0;
    this.attending = Math.max(0, this.attending + (visible ? 1 : -1));
    if (this.attending > 0 !== before && this.process) this.sayAttending(this.process);
  }

  /** The text of a visible preview has changed: while it is read, a running study leaves it the processor. Starts nothing. */
  expect(): void {
    this.process?.channel.call('expect', {}).catch(() => undefined);
  }

  /** The setting that `idleMinutes` reads has changed: a process that idles already goes by it too. Starts nothing. */
  idleMinutesChanged(): void {
    if (this.process && this.busy === 0) this.waitIdle();
  }

  /** Ends the process now; the next need starts a new one. Running studies continue from the store. */
  async restart(): Promise<void> {
    await this.endProcess(500);
  }

  /** Ends the process with the window. */
  async end(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.idleTimer);
    await this.endProcess(500);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.idleTimer);
    this.process?.kill();
    this.watchers.clear();
  }

  /** `use`, for what is asked again by itself after a restart, but not after a crash: that is told. */
  private async ask<T>(
    signal: AbortSignal | undefined,
    work: (process: InferenceProcess) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      try {
        return await this.use(work);
      } catch (error) {
        if (signal?.aborted || this.disposed) throw error;
        if (this.wasRestarted(error)) continue;
        if (error instanceof ProcessEnded) this.tellCrash(error);
        throw error;
      }
    }
  }

  /** Whether work was ended because we end the process: it went away, or said in time that it stops. */
  private wasRestarted(error: unknown): boolean {
    if (error instanceof ProcessEnded) return error.ending.asked;
    return this.ending !== null && error instanceof RemoteError && error.kind === 'interrupted';
  }

  /** One notification a process, however many were waiting for it. */
  private tellCrash({ ending, message }: ProcessEnded): void {
    if (this.told.has(ending)) return;
    this.told.add(ending);
    this.options.crashed(message, this.running > 0);
  }

  /** Does something with the running process, starting it where needed; the idle clock stands still meanwhile. */
  private async use<T>(work: (process: InferenceProcess) => Promise<T>): Promise<T> {
    const refusal = this.options.mayNotStart?.() ?? null;
    if (refusal !== null) throw new Error(refusal);
    this.busy++;
    clearTimeout(this.idleTimer);
    try {
      // Never two at a time: the old one may hold the device's memory and the store's lock until it is gone.
      while (this.ending) await this.ending;
      if (this.disposed) throw new CancelledError();
      return await work(this.process ?? this.start());
    } finally {
      this.busy--;
      if (this.busy === 0) this.waitIdle();
    }
  }

  private waitIdle(): void {
    if (this.disposed) return;
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => {
      if (this.busy > 0) return;
      this.options.log('Idle: the inference process is ended, its memory comes back.');
      void this.endProcess();
    }, this.options.idleMinutes() * 60_000);
  }

  private endProcess(grace?: number): Promise<void> {
    const { process } = this;
    if (this.ending) return this.ending;
    if (!process) return Promise.resolve();
    this.ending = process.end(grace).then(() => {
      this.ending = null;
    });
    return this.ending;
  }

  private sayAttending(process: InferenceProcess): void {
    process.channel.call('attend', { visible: this.attending > 0 }).catch(() => undefined);
  }

  private start(): InferenceProcess {
    const { entry, log } = this.options;
    const process = new InferenceProcess({ entry, nodePath: this.options.nodePath(), log });
    this.process = process;
    log(`The inference process is started (pid ${process.pid ?? 'none'}).`);
    this.setState({ kind: 'starting' });
    let runs: Hello | null = null;
    process.channel
      .call('hello', {})
      .then((hello) => {
        log(`It runs version ${hello.version} on Node ${hello.node}.`);
        runs = hello;
        if (this.process === process) this.setState({ kind: 'up', pid: hello.pid, runs, heartbeat: null });
      })
      .catch(() => undefined); // its end is told below
    if (this.attending > 0) this.sayAttending(process);
    process.channel.on('heartbeat', (heartbeat) => {
      if (this.process === process && process.pid !== undefined)
        this.setState({ kind: 'up', pid: process.pid, runs, heartbeat });
    });
    process.channel.on('log', ({ line }) => log(line));
    void process.ended.then((ending) => {
      log(ending.code === 0 ? 'The inference process ended.' : describeEnding(ending));
      if (this.process !== process) return;
      this.process = null;
      if (!this.disposed) this.setState({ kind: 'off' });
    });
    return process;
  }

  private setState(state: ClientState): void {
    this.current = state;
    for (const watcher of this.watchers) watcher(state);
  }
}

/** Hears what is sent for one request only. */
const sentFor =
  <M extends { request: string }>({ request }: { request: string }, hear: (message: M) => void) =>
  (message: M): void => {
    if (message.request === request) hear(message);
  };
