/** This machine as one with another processor: what the store names by the instruction set is not found any more. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';

/** Until the test ends, the processor has no vector instructions but AVX. */
export function onAnotherMachine(context: TestContext): void {
  const read = fs.readFileSync;
  context.mock.method(fs, 'readFileSync', (...given: Parameters<typeof read>) =>
    given[0] === '/proc/cpuinfo' ? 'flags : avx\n' : read(...given),
  );
  syncBuiltinESMExports();
  context.after(() => {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  });
}
