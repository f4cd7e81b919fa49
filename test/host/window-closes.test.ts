import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'mocha';
import { higan, nativeCode } from './window';

/** The last of this pass's files, by its name: everything was done before it, and nothing can be run after it. */
describe('when the window closes', () => {
  it('no native code was ever loaded into the extension host', async () => {
    await higan();
    assert.deepEqual(nativeCode(), []);
  });

  it('the extension ends its inference process before it is gone itself', async () => {
    const { inference } = await higan();
    const { pid } = await inference.call('hello', {});
    const root = process.env.HIGAN_TEST_ROOT ?? '';
    // The editor's own instance: a second one would have no process to end.
    const extension = createRequire(path.join(root, 'package.json'))('./dist/extension.cjs') as {
      deactivate(): Promise<void>;
    };
    await extension.deactivate();
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
    await assert.rejects(inference.call('hello', {}), /cancel/i, 'and starts no other');
  });
});
