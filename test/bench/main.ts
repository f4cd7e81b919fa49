/**
 * `npm run bench [NAME …]`: runs the benchmarks of this folder, each in a process of its own, and prints one table of
 * ratios with the machine named. A new benchmark is a new file `NAME.bench.ts` that exports `benchmark`; nothing else has to be told.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Row } from './benchmark';

/** Bundled to out/bench/main.mjs: the sources lie two folders up. */
const self = fileURLToPath(import.meta.url);
const folder = path.join(path.dirname(self), '..', '..', 'test', 'bench');
const ending = '.bench.ts';
/** Where each benchmark lies below the folder, without its ending, by its name. */
const places = new Map(
  readdirSync(folder, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith(ending))
    .map((file) => [path.basename(file, ending), file.slice(0, -ending.length)] as const)
    .sort(),
);
const names = [...places.keys()];

/** esbuild turns the pattern into a table of the files that are there. */
async function load(name: string): Promise<Benchmark> {
  const module = (await import(`./${places.get(name)}.bench.ts`)) as { benchmark?: Benchmark };
  if (module.benchmark?.name !== name) {
    throw new Error(`${places.get(name)}${ending} must export a 'benchmark' named '${name}'.`);
  }
  return module.benchmark;
}

/** Runs one benchmark in a child process and returns its rows; null where it failed. */
function runApart(name: string): Promise<Row[] | null> {
  return new Promise((resolve) => {
    let rows: Row[] | null = null;
    const child = fork(self, ['--inside', name]);
    child.on('message', (message) => (rows = message as Row[]));
    child.on('exit', (code) => resolve(code === 0 ? rows : null));
  });
}

function print(rows: Row[]): void {
  const cells = [
    ['what', 'ours', 'against', 'ratio', 'goal', ''],
    ...rows.map((row) => [
      ...[row.what, row.ours, row.against, `${row.ratio.toPrecision(3)} ×`, row.goal],
      row.met === null ? '' : row.met ? 'met' : 'NOT MET',
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  console.log(line(cells[0]));
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of cells.slice(1)) console.log(line(row));
}

if (process.argv[2] === '--inside') {
  const rows = await (await load(process.argv[3])).run((line) => console.log(`  ${line}`));
  process.send!(rows, () => process.disconnect());
} else {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark '${unknown[0]}': there are ${names.join(', ')}.`);
    process.exit(2);
  }
  const rows: Row[] = [];
  const broken: string[] = [];
  const notRun: string[] = [];
  for (const name of names.filter((each) => wanted.length === 0 || wanted.includes(each))) {
    const { goal, missing } = await load(name);
    console.log(`== ${name}: ${goal}`);
    const lacks = missing?.() ?? null;
    if (lacks !== null) {
      notRun.push(`${name} (${lacks})`);
      continue;
    }
    const measured = await runApart(name);
    if (measured) rows.push(...measured);
    else broken.push(name);
  }
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model}, ${availableParallelism()} threads, ` +
      `${gibibytes} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}\n`,
  );
  print(rows);
  for (const line of notRun) console.log(`\nNOT RUN: ${line}`);
  for (const name of broken) console.log(`\nFAILED: ${name}`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
