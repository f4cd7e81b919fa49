/** What the engine and the worker thread that owns the ONNX Runtime sessions say to each other. */
import * as z from 'zod';
import { deviceSchema } from '../../protocol/results';

// Without their type arguments typed arrays over any buffer are meant.
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, 'a Float32Array');
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'a Uint8Array');
const tensorSchema = z.object({ data: floats, dims: z.array(z.int().min(0)) });
/** Row-major float32 values with their dimensions. */
export type Tensor = z.infer<typeof tensorSchema>;
const tensorsSchema = z.record(z.string(), tensorSchema);
const id = z.int();

/** What the worker answers. */
export const runtimeSide = {
  calls: {
    start: {
      params: z.object({
        device: deviceSchema,
        threads: z.int().min(0),
        strict: z.boolean(),
        runtime: z.string().nullable(),
      }),
      result: z.object({ version: z.string() }),
    },
    open: {
      params: z.object({ model: bytes, name: z.string() }),
      result: z.object({ id, inputs: z.array(z.string()), outputs: z.array(z.string()) }),
    },
    run: { params: z.object({ id, feeds: tensorsSchema }), result: tensorsSchema },
    release: { params: z.object({ id }), result: z.null() },
    stop: { params: z.null(), result: z.null() },
  },
  events: {},
};

/** The engine only calls. */
export const engineSide = { calls: {}, events: {} };
