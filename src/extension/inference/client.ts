/**
 * The owner of the window's one inference process: starts it at first need, ends it when idle, starts it again when it
 * crashed. A study that was running continues from the store; a preview is asked for again by whoever wants it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { z } from 'zod';
import { CancelledError } from '../../protocol/channel';
import type { inferenceSide, PreviewCellMessage } from '../../protocol/inference';
import { stages } from '../../protocol/experiment';
import type { Progress, StudyResult } from '../../protocol/results';
import { BackOff } from './back-off';
import { describeEnding, InferenceProcess, ProcessEnded } from './process';

type Calls = (typeof inferenceSide)['calls'];
type Params<N extends keyof Calls> = z.input<Calls[N]['params']>;
type Result<N extends keyof Calls> = z.infer<Calls[N]['result']>;

export type Heartbeat = z.infer<(typeof inferenceSide)['events']['heartbeat']>;

export interface ClientOptions {
  entry: string;
  nodePath(): string | undefined;
  idleMinutes(): number;
  log: (line: string) => void;
  /** Told once for each crash; `continues`: whether a study goes on by itself. */
  crashed(message: string, continues: boolean): void;
}

export interface RunEvents {
  progress(progress: Progress): void;
  partial(result: StudyResult): void;
}

/** `off`: no process. `starting` until it answers. Else what its last heartbeat said. */
export type ClientState =
  { kind: 'off' } | { kind: 'starting' } | { kind: 'up'; pid: number; heartbeat: Heartbeat | null };

export class InferenceClient implements vscode.Disposable {
  private process: InferenceProcess | null = null;
  private busy = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private disposed = false;
  private current: ClientState = { kind: 'off' };
  private readonly stateChanged = new vscode.EventEmitter<ClientState>();
  readonly onDidChangeState = this.stateChanged.event;

  constructor(private readonly options: ClientOptions) {}

  get state(): ClientState {
    return this.current;
  }

  /** Runs or resumes a study; survives crashes of the process as `BackOff` says. */
  async run(
    request: Omit<Params<'run'>, 'id'>,
    events: RunEvents,
    signal: AbortSignal,
  ): Promise<Result<'run'>> {
    const backOff = new BackOff();
    /** The furthest (stage, done) seen in any life of the process. */
    let furthest = [-1, -1];
    for (let life = 1; ; life++) {
      const id = `run-${Date.now()}-${life}`;
      try {
        return await this.use(async (process) => {
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
            process.channel.on('partial', ({ id: of, result }) => {
              if (of === id) events.partial(result);
            }),
          ];
          try {
            return await process.channel.call('run', { ...request, id }, { signal });
          } finally {
            for (const end of stop) end();
          }
        });
      } catch (error) {
        if (!(error instanceof ProcessEnded) || signal.aborted || this.disposed) throw error;
        if (error.ending.asked) continue;
        const wait = backOff.crashed();
        this.options.crashed(error.message, wait !== null);
        if (wait === null) {
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

  /** Renders a preview; `cell` is called as images come. */
  async preview(
    request: Params<'preview'>,
    cell: (cell: PreviewCellMessage) => void,
    signal: AbortSignal,
  ): Promise<Result<'preview'>> {
    return this.use(async (process) => {
      const stop = process.channel.on('cell', (message) => {
        if (message.request === request.request) cell(message);
      });
      try {
        return await process.channel.call('preview', request, { signal });
      } finally {
        stop();
      }
    });
  }

  /** Any other call of the process; a crash rejects it. */
  async call<N extends Exclude<keyof Calls, 'run' | 'preview' | 'shutdown'>>(
    name: N,
    params: Params<N>,
    signal?: AbortSignal,
  ): Promise<Result<N>> {
    return this.use((process) => process.channel.call<N>(name, params as never, { signal }));
  }

  /** Tells the process whether a preview is visible; starts nothing. */
  attend(visible: boolean): void {
    this.process?.channel.call('attend', { visible }).catch(() => undefined);
  }

  /** Ends the process now; the next need starts a new one. Running studies continue from the store. */
  async restart(): Promise<void> {
    await this.process?.end(500);
  }

  /** Ends the process with the window. */
  async end(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.idleTimer);
    await this.process?.end(500);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.idleTimer);
    this.process?.kill();
    this.stateChanged.dispose();
  }

  /** Does something with the running process, starting it where needed; the idle clock stands still meanwhile. */
  private async use<T>(work: (process: InferenceProcess) => Promise<T>): Promise<T> {
    if (this.disposed) throw new CancelledError();
    const process = this.process ?? this.start();
    clearTimeout(this.idleTimer);
    this.busy++;
    try {
      return await work(process);
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
      void this.process?.end();
    }, this.options.idleMinutes() * 60_000);
  }

  private start(): InferenceProcess {
    const { entry, log } = this.options;
    const process = new InferenceProcess({ entry, nodePath: this.options.nodePath(), log });
    this.process = process;
    log(`The inference process is started (pid ${process.pid ?? 'none'}).`);
    this.setState({ kind: 'starting' });
    process.channel
      .call('hello', {})
      .then((hello) => {
        log(`It runs version ${hello.version} on Node ${hello.node}.`);
        if (this.process === process) this.setState({ kind: 'up', pid: hello.pid, heartbeat: null });
      })
      .catch(() => undefined); // its end is told below
    process.channel.on('heartbeat', (heartbeat) => {
      if (this.process === process && process.pid !== undefined)
        this.setState({ kind: 'up', pid: process.pid, heartbeat });
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
    this.stateChanged.fire(state);
  }
}
