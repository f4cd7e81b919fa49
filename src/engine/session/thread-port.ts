/** A worker thread's two ends as ports of the channel. */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../../protocol/channel';

export function threadPort(end: Worker | MessagePort): Port {
  return {
    post: (message, transfer) => end.postMessage(message, transfer ? [...transfer] : []),
    listen: (handler) => {
      end.on('message', handler);
      return () => end.off('message', handler);
    },
  };
}
