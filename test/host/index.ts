/**
 * What the editor loads into its extension host: runs the test files beside it that belong to this pass and writes the result file after each
 * test, so that a host that dies half-way is told from one that finished.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import type { HostResult } from './result';

/** Nothing is printed in the extension host; the result file says it all. */
class Silent extends Mocha.reporters.Base {}

/** Called by VS Code; rejects when a test failed. */
export async function run(): Promise<void> {
  const resultFile = process.env.HIGAN_TEST_RESULT;
  const folder = process.env.HIGAN_TEST_FOLDER;
  const ending = process.env.HIGAN_TEST_ENDING;
  if (!resultFile || !folder || !ending)
    throw new Error('HIGAN_TEST_RESULT and HIGAN_TEST_FOLDER name the places; use run.ts.');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    color: false,
    reporter: Silent,
    grep: process.env.HIGAN_TEST_ONLY ? new RegExp(process.env.HIGAN_TEST_ONLY) : undefined,
  });
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort())
    mocha.addFile(path.join(folder, file));

  const result: HostResult = { planned: 0, tests: [] };
  const write = (): void => writeFileSync(resultFile, JSON.stringify(result, null, 1));
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    result.planned = runner.total;
    write();
    const add = (test: Mocha.Test, state: HostResult['tests'][number]['state'], message?: string): void => {
      result.tests.push({ title: test.fullTitle(), state, seconds: (test.duration ?? 0) / 1000, message });
      write();
    };
    runner.on('pass', (test: Mocha.Test) => add(test, 'passed'));
    runner.on('fail', (test: Mocha.Test, error: Error) => add(test, 'failed', error.stack ?? String(error)));
    runner.on('pending', (test: Mocha.Test) => add(test, 'skipped', 'skipped by its own condition'));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
