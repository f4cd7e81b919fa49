/** Errors that are answers: sentences for the user, with an exit code, never a stack trace. */

/** `bad-input`: the user's files or options (exit 2). `failed`: the run (exit 1). `interrupted`: exit 130. */
export type FailureKind = 'bad-input' | 'failed' | 'interrupted';

/**
 * Something went wrong that the user can act on. The message names the place (file, line where there is one),
 * what is wrong, and the remedy. Anything thrown that is not a Failure is a bug of ours.
 */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

export const badInput = (message: string, cause?: unknown): Failure =>
  new Failure('bad-input', message, { cause });
export const failed = (message: string, cause?: unknown): Failure =>
  new Failure('failed', message, { cause });
export const interrupted = (
  message = 'Interrupted. What was finished is in the store; run again to go on.',
): Failure => new Failure('interrupted', message);
