/** Bytes of the conversation, whichever form they crossed in. */
import type { z } from 'zod';
import type { bytesSchema } from '../../protocol/panels';

export const bytesOf = (data: z.infer<typeof bytesSchema>): Uint8Array =>
  data instanceof Uint8Array ? data : new Uint8Array(data);
