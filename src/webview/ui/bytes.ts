/** Bytes of the conversation, whichever form they crossed in. */
import type { Bytes } from '../../protocol/panels';

export const bytesOf = (data: Bytes): Uint8Array =>
  data instanceof Uint8Array ? data : new Uint8Array(data);
