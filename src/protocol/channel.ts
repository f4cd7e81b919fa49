/**
 * The one channel of the product: typed calls, replies, cancellation and events over anything that passes
 * messages (worker thread, forked process, webview). Every incoming message is validated; every call ends in
 * a reply, an error, or the channel's closing, so that no caller can hang.
 */
import * as z from 'zod';

/** What carries messages. `listen` returns a function that stops listening. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  listen(handler: (message: unknown) => void): () => void;
}

/** One direction of a conversation: the calls that a side answers and the events that it sends. */
export interface Side {
  calls: Record<string, { params: z.ZodType; result: z.ZodType }>;
  events: Record<string, z.ZodType>;
}

type CallName<S extends Side> = keyof S['calls'] & string;
type EventName<S extends Side> = keyof S['events'] & string;
type Params<S extends Side, N extends CallName<S>> = z.infer<S['calls'][N]['params']>;
type Result<S extends Side, N extends CallName<S>> = z.infer<S['calls'][N]['result']>;
type EventData<S extends Side, N extends EventName<S>> = z.infer<S['events'][N]>;

/** What a handler gets beside its parameters. */
export interface CallContext {
  /** Aborted when the caller cancels or the channel closes. */
  signal: AbortSignal;
  /** Buffers named here are moved with the reply instead of copied. */
  transfer(...buffers: ArrayBuffer[]): void;
  /**
   * For the first call of an end that was loaded anew, and counts its calls from 1 again: what the one before asked for is
   * aborted, and never replied to.
   */
  beginsAnew(): void;
}

export type Handlers<S extends Side> = {
  [N in CallName<S>]: (params: Params<S, N>, context: CallContext) => Promise<Result<S, N>> | Result<S, N>;
};

/** An error that happened at the other end; `kind` is the Failure's kind where it was one, else `bug`. */
export class RemoteError extends Error {
  constructor(
    message: string,
    readonly kind: string,
    readonly remoteStack?: string,
  ) {
    super(message);
    this.name = 'RemoteError';
  }
}

/** The call was cancelled by this side. */
export class CancelledError extends RemoteError {
  constructor() {
    super('Cancelled.', 'interrupted');
    this.name = 'CancelledError';
  }
}

const envelopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.int(), name: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id: z.int() }),
  z.object({ kind: z.literal('result'), id: z.int(), result: z.unknown() }),
  z.object({
    kind: z.literal('error'),
    id: z.int(),
    message: z.string(),
    errorKind: z.string(),
    stack: z.string().optional(),
  }),
  z.object({ kind: z.literal('event'), name: z.string(), data: z.unknown() }),
]);
type Envelope = z.infer<typeof envelopeSchema>;

interface Pending {
  name: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  stopWaiting(): void;
}

/**
 * One end of a conversation. `Local` is what this end answers and sends, `Remote` what the other end does.
 * Messages that do not fit the schemas are answered with an error (calls) or given to `onInvalid` (the rest).
 */
export class Channel<Local extends Side, Remote extends Side> {
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  private readonly running = new Map<number, AbortController>();
  private readonly subscribers = new Map<string, Set<(data: unknown) => void>>();
  private readonly stopListening: () => void;
  private closedBy: Error | null = null;

  constructor(
    private readonly port: Port,
    private readonly local: Local,
    private readonly remote: Remote,
    private readonly handlers: Handlers<Local>,
    private readonly onInvalid: (problem: string) => void = () => undefined,
  ) {
    this.stopListening = port.listen((message) => this.receive(message));
  }

  /** Calls the other end. Rejects with RemoteError, CancelledError, or the reason of the channel's closing. */
  call<N extends CallName<Remote>>(
    name: N,
    params: Params<Remote, N>,
    options: { signal?: AbortSignal; transfer?: readonly ArrayBuffer[] } = {},
  ): Promise<Result<Remote, N>> {
    if (this.closedBy) return Promise.reject(this.closedBy);
    if (options.signal?.aborted) return Promise.reject(new CancelledError());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.settle(id)?.reject(new CancelledError());
        this.send({ kind: 'cancel', id });
      };
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.pending.set(id, {
        name,
        resolve: resolve,
        reject,
        stopWaiting: () => options.signal?.removeEventListener('abort', cancel),
      });
      try {
        this.send({ kind: 'call', id, name, params }, options.transfer);
      } catch (error) {
        this.settle(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Sends an event to the other end; nobody answers it. */
  emit<N extends EventName<Local>>(
    name: N,
    data: EventData<Local, N>,
    transfer?: readonly ArrayBuffer[],
  ): void {
    if (!this.closedBy) this.send({ kind: 'event', name, data }, transfer);
  }

  /** Listens to an event of the other end; returns a function that stops. */
  on<N extends EventName<Remote>>(name: N, handler: (data: EventData<Remote, N>) => void): () => void {
    const handlers = this.subscribers.get(name) ?? new Set();
    this.subscribers.set(name, handlers);
    handlers.add(handler as (data: unknown) => void);
    return () => handlers.delete(handler as (data: unknown) => void);
  }

  /** Ends the conversation: what is waiting rejects with `reason`, what is being answered is aborted. */
  close(reason: Error = new Error('The channel was closed.')): void {
    if (this.closedBy) return;
    this.closedBy = reason;
    this.stopListening();
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(reason);
    for (const controller of this.running.values()) controller.abort(reason);
    this.running.clear();
  }

  private send(envelope: Envelope, transfer?: readonly ArrayBuffer[]): void {
    this.port.post(envelope, transfer);
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.stopWaiting();
    return pending;
  }

  private receive(message: unknown): void {
    const parsed = envelopeSchema.safeParse(message);
    if (!parsed.success) return this.onInvalid(`A message without a known form: ${parsed.error.message}`);
    const envelope = parsed.data;
    switch (envelope.kind) {
      case 'call':
        return void this.answer(envelope.id, envelope.name, envelope.params);
      case 'cancel':
        return this.running.get(envelope.id)?.abort(new CancelledError());
      case 'error':
        return this.settle(envelope.id)?.reject(
          new RemoteError(envelope.message, envelope.errorKind, envelope.stack),
        );
      case 'result':
        return this.receiveResult(envelope.id, envelope.result);
      case 'event':
        return this.receiveEvent(envelope.name, envelope.data);
    }
  }

  private receiveResult(id: number, result: unknown): void {
    // A reply to a cancelled call finds nobody waiting; that is no fault.
    const pending = this.settle(id);
    if (!pending) return;
    const checked = this.remote.calls[pending.name].result.safeParse(result);
    if (checked.success) pending.resolve(checked.data);
    else
      pending.reject(
        new RemoteError(`The answer to '${pending.name}' is malformed: ${checked.error.message}`, 'bug'),
      );
  }

  private receiveEvent(name: string, data: unknown): void {
    const schema = Object.hasOwn(this.remote.events, name) ? this.remote.events[name] : undefined;
    const checked = schema?.safeParse(data);
    if (!checked?.success) {
      return this.onInvalid(
        `Event '${name}' ${checked ? `is malformed: ${checked.error.message}` : 'is not known'}`,
      );
    }
    for (const handler of this.subscribers.get(name) ?? []) handler(checked.data);
  }

  private async answer(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    const transfer: ArrayBuffer[] = [];
    // An id that comes again is of an end that was loaded anew.
    this.drop(id);
    this.running.set(id, controller);
    const isWaitedFor = (): boolean => this.running.get(id) === controller;
    try {
      const schema = Object.hasOwn(this.local.calls, name) ? this.local.calls[name] : undefined;
      if (!schema) throw new RemoteError(`There is no call '${name}'.`, 'bug');
      const checked = schema.params.safeParse(params);
      if (!checked.success)
        throw new RemoteError(`The call '${name}' is malformed: ${checked.error.message}`, 'bug');
      const handler = this.handlers[name as CallName<Local>];
      const result = await handler(checked.data as Params<Local, CallName<Local>>, {
        signal: controller.signal,
        transfer: (...buffers) => transfer.push(...buffers),
        beginsAnew: () =>
          [...this.running.keys()].filter((other) => other !== id).forEach((other) => this.drop(other)),
      });
      if (isWaitedFor()) this.send({ kind: 'result', id, result }, transfer);
    } catch (error) {
      if (isWaitedFor()) this.send({ kind: 'error', id, ...describeError(error) });
    } finally {
      if (isWaitedFor()) this.running.delete(id);
    }
  }

  /** Aborts what is being answered, without a reply: nobody waits for it any more. */
  private drop(id: number): void {
    const controller = this.running.get(id);
    this.running.delete(id);
    controller?.abort(new CancelledError());
  }
}

/** What of an error crosses the boundary: its sentence, its kind (Failures carry one), its stack for the log. */
function describeError(error: unknown): { message: string; errorKind: string; stack?: string } {
  if (!(error instanceof Error)) return { message: String(error), errorKind: 'bug' };
  const kind = 'kind' in error && typeof error.kind === 'string' ? error.kind : 'bug';
  return { message: error.message, errorKind: kind, ...(error.stack ? { stack: error.stack } : {}) };
}
