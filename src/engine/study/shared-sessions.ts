/**
 * Sessions that are opened once for what they compute. Experiments that differ in seed, truncation or samples run the same
 * graphs, and a preview whose seed is typed would otherwise leave a whole session behind for every digit.
 */
import { sha256 } from '../canonical';
import type { Failure } from '../failure';
import type { Session, Sessions } from '../session';
import type { Device } from '../../protocol/results';

export class SharedSessions implements Sessions {
  private readonly known = new Map<string, Promise<Session>>();

  constructor(private readonly own: Sessions) {}

  get device(): Device {
    return this.own.device;
  }

  get version(): string {
    return this.own.version;
  }

  get dead(): Failure | null {
    return this.own.dead;
  }

  /** The session of these very bytes, under the name that they were first opened with. It stays open with the others. */
  open(model: Uint8Array, name: string): Promise<Session> {
    return once(this.known, sha256(model), async () => {
      const session = await this.own.open(model, name);
      return { ...session, run: session.run.bind(session), close: () => Promise.resolve() };
    });
  }

  close(): Promise<void> {
    return this.own.close();
  }
}

/** Opens what is not open. A failed opening is not remembered: the user may mend the model and try again. */
export function once<T>(known: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const opened = open();
  known.set(key, opened);
  opened.catch(() => known.delete(key));
  return opened;
}
