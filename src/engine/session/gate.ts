/**
 * Between a worker thread and the process that may end at any time. Node ends worker threads when a process exits, and
 * a thread that is ended inside ONNX Runtime aborts the whole process (measured with 1.30: exit code 134 in place of
 * the caller's). So the worker says when it is inside, and an exiting process waits for it to come out.
 */

/** Shared by both sides: [inside the library, nobody may go in]. */
export const newGate = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));
const inside = 0;
const shut = 1;

/** Longer than any sensible batch takes; after that an abort is the lesser evil. */
const patience = 10_000;

/** Worker: runs `work` inside the gate; never begins once the process is about to exit. */
export async function through<T>(gate: Int32Array, work: () => Promise<T>): Promise<T> {
  Atomics.store(gate, inside, 1);
  try {
    if (Atomics.load(gate, shut) === 1) throw new Error('The process is about to exit.');
    return await work();
  } finally {
    Atomics.store(gate, inside, 0);
    Atomics.notify(gate, inside);
  }
}

const gates = new Set<Int32Array>();

/** Engine: from now on an exiting process waits for this gate's worker; returns a function that ends it. */
export function guardExit(gate: Int32Array): () => void {
  if (gates.size === 0) process.on('exit', waitForAll);
  gates.add(gate);
  return () => {
    gates.delete(gate);
    if (gates.size === 0) process.off('exit', waitForAll);
  };
}

function waitForAll(): void {
  for (const gate of gates) Atomics.store(gate, shut, 1);
  for (const gate of gates) Atomics.wait(gate, inside, 1, patience);
}
