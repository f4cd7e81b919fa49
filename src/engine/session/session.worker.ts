/** Entry of the worker thread that owns the ONNX Runtime sessions. */
import { parentPort, workerData } from 'node:worker_threads';
import { Channel } from '../../protocol/channel';
import { engineSide, runtimeSide } from './conversation';
import { through } from './gate';
import { Runtime } from './runtime';
import { threadPort } from './thread-port';

if (!parentPort) throw new Error('session.worker runs as a worker thread.');

const { gate } = workerData as { gate: Int32Array };
let runtime: Runtime | null = null;
function started(): Runtime {
  if (!runtime) throw new Error('The runtime was not started.');
  return runtime;
}

new Channel(threadPort(parentPort), runtimeSide, engineSide, {
  start: async (options) => {
    runtime = await through(gate, () => Runtime.load(options));
    return { version: runtime.version };
  },
  open: ({ model, name }) => through(gate, () => started().open(model, name)),
  run: async ({ id, feeds }, context) => {
    const results = await through(gate, () => started().run(id, feeds));
    // The runtime gives each output a buffer of its own: hand it over instead of copying it.
    for (const { data } of Object.values(results)) context.transfer(data.buffer as ArrayBuffer);
    return results;
  },
  release: async ({ id }) => {
    await through(gate, () => started().release(id));
    return null;
  },
  stop: async () => {
    await through(gate, async () => runtime?.stop());
    return null;
  },
});
