/** What a measuring extension host found, for the benchmark that started it. */
import { writeFileSync } from 'node:fs';

/** @throws Error where no benchmark asks */
export function writeResult(found: unknown): void {
  const file = process.env.HIGAN_BENCH_RESULT;
  if (!file) throw new Error('HIGAN_BENCH_RESULT names the file for the result; use npm run bench.');
  writeFileSync(file, JSON.stringify(found));
}
