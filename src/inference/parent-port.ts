/** The channel's port to the process that forked this one. */
import type { Port } from '../protocol/channel';

/** @throws Error when the process was not forked */
export function parentPort(): Port {
  if (!process.send)
    throw new Error('The inference process is forked by its owner; run higan on the command line instead.');
  const send = process.send.bind(process);
  return {
    // Buffers are copied by the pipe: there is nothing to transfer.
    post: (message) => void send(message, undefined, undefined, () => undefined),
    listen: (handler) => {
      process.on('message', handler);
      return () => process.off('message', handler);
    },
  };
}
