/**
 * The inference process: the engine behind the one channel. Forked by its owner with `serialization: 'advanced'`;
 * it ends when the owner goes away, so that none is ever left behind.
 */
import { Channel } from '../protocol/channel';
import { inferenceSide, ownerSide, type InferenceSide, type OwnerSide } from '../protocol/inference';
import { Inference } from './inference';
import { parentPort } from './parent-port';

const port = parentPort();
const inference = new Inference();
const channel: Channel<InferenceSide, OwnerSide> = new Channel(
  port,
  inferenceSide,
  ownerSide,
  inference.handlers(),
  (problem) => channel.emit('log', { line: problem }),
);
inference.start(channel, () => process.exit(0));

// The owner died or let go: nobody is there to tell anything to.
process.on('disconnect', () => process.exit(0));
// A person's Ctrl-C in a terminal reaches the whole group; the owner decides when this process ends.
process.on('SIGINT', () => undefined);
