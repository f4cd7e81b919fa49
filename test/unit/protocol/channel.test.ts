/** A page that is loaded anew counts its calls from 1 again, while the host's end of the channel lives on. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import { Channel, type CallContext, type Port, type Side } from '../../../src/protocol/channel';

const hostSide = {
  calls: {
    subscribe: { params: z.object({}), result: z.null() },
    walk: { params: z.object({ page: z.string() }), result: z.string() },
  },
  events: {},
} satisfies Side;
const pageSide = { calls: {}, events: {} } satisfies Side;

/** A host whose walks end when the test says so, and its pages: a new one takes the place of the one before. */
function host(): {
  page: () => Channel<typeof pageSide, typeof hostSide>;
  walks: { page: string; signal: AbortSignal; end(): void }[];
} {
  const walks: { page: string; signal: AbortSignal; end(): void }[] = [];
  let toHost: (message: unknown) => void = () => undefined;
  let toPage: (message: unknown) => void = () => undefined;
  const port: Port = {
    post: (message) => setImmediate(() => toPage(message)),
    listen: (handler) => {
      toHost = handler;
      return () => undefined;
    },
  };
  new Channel(port, hostSide, pageSide, {
    subscribe: (_params: object, context: CallContext) => {
      context.beginsAnew();
      return null;
    },
    walk: ({ page }: { page: string }, { signal }: CallContext) =>
      new Promise<string>((resolve, reject) => {
        walks.push({ page, signal, end: () => resolve(page) });
        // As whoever walks does: what is aborted ends with an error.
        signal.addEventListener('abort', () => setImmediate(() => reject(new Error('aborted'))));
      }),
  });
  const page = (): Channel<typeof pageSide, typeof hostSide> => {
    const own: Port = {
      post: (message) => setImmediate(() => toHost(message)),
      listen: (handler) => {
        toPage = handler;
        return () => undefined;
      },
    };
    return new Channel(own, pageSide, hostSide, {});
  };
  return { page, walks };
}

/** Until what is under way between the two ends has arrived, several times over. */
async function settled(): Promise<void> {
  for (let k = 0; k < 10; k++) await turn();
}

describe('a page that is loaded anew', () => {
  test('has what the one before asked for aborted, and gets the answers to its own calls alone', async () => {
    const { page, walks } = host();
    const before = page();
    await before.call('subscribe', {});
    void before.call('walk', { page: 'before' });
    await settled();
    assert.equal(walks.length, 1);

    const after = page();
    // Both calls go out at once: the second has the id of the walk that is under way.
    const subscribed = after.call('subscribe', {});
    const walked = after.call('walk', { page: 'after' });
    await subscribed;
    await settled();
    assert.deepEqual(
      walks.map((walk) => [walk.page, walk.signal.aborted]),
      [
        ['before', true],
        ['after', false],
      ],
    );
    walks[1].end();
    assert.equal(await walked, 'after');
  });

  test('can still cancel a call that has the id of one before it', async () => {
    const { page, walks } = host();
    const before = page();
    await before.call('subscribe', {});
    void before.call('walk', { page: 'before' });
    await settled();
    const after = page();
    await after.call('subscribe', {});
    const stop = new AbortController();
    const walked = after.call('walk', { page: 'after' }, { signal: stop.signal });
    await settled();
    stop.abort();
    await assert.rejects(walked, { name: 'CancelledError' });
    await settled();
    assert.equal(walks[1].signal.aborted, true);
  });
});

test('a call whose id comes again without that is dropped for the newer one', async () => {
  const { page, walks } = host();
  void page().call('walk', { page: 'before' });
  await settled();
  const walked = page().call('walk', { page: 'after' });
  await settled();
  assert.equal(walks[0].signal.aborted, true);
  walks[1].end();
  assert.equal(await walked, 'after');
});
