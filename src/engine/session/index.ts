/** ONNX Runtime behind a worker thread: devices, runs, self-test, batch tuning. */
export type { Tensor } from './conversation';
export { autoDevices } from './devices';
export { isOutOfMemory } from './memory';
export { openSessions, type RunOptions, type Session, type Sessions, type SessionsOptions } from './sessions';
export { checkThumbnail, thumbnail, thumbnailSize } from './self-test';
export { batchWithin, tuneBatch } from './tune';
