/** Images and bytes as they cross between host and panel. */
import * as z from 'zod';

/** A real ArrayBuffer, whichever realm made it. */
export const bufferSchema = z.custom<ArrayBuffer>(
  (value) => Object.prototype.toString.call(value) === '[object ArrayBuffer]',
  'an ArrayBuffer',
);
/** Bytes as the inference process sends them (a Node Buffer arrives as a Uint8Array too), or a whole buffer. */
export const bytesSchema = z.union([
  z.custom<Uint8Array>(
    (value) => /^\[object (Uint8Array|Uint8ClampedArray)\]$/.test(Object.prototype.toString.call(value)),
    'bytes',
  ),
  bufferSchema,
]);
export type Bytes = z.infer<typeof bytesSchema>;

/**
 * An image. `rgb` and `rgba`: rows of bytes, [height, width, 3] and [height, width, 4], exactly that long; `png` and
 * `webp`: a whole file. Up to 128 × 128, raw bytes cost less than encoding; above, encode.
 */
export const imageSchema = z.object({
  format: z.enum(['rgb', 'rgba', 'png', 'webp']),
  width: z.int().min(1).max(8192),
  height: z.int().min(1).max(8192),
  data: bytesSchema,
});
export type PanelImage = z.infer<typeof imageSchema>;
