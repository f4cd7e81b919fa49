/**
 * The one way to check the project: `node test/run.mjs [--only a,b] [--list]`.
 *
 * Runs every suite below in order and prints what did not run and why. A suite whose parts are missing on this
 * machine is printed as `NOT RUN: name (how to install)`; with CI set that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
// Systems set it to `true`, `1`, or their name.
const ci = !['', '0', 'false'].includes(process.env.CI ?? '');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/** Milliseconds that one file of tests may take: several times what the longest takes, so that one that hangs is named. */
const longest = 20 * 60_000;

/** Runs a command in the project's root; its output is shown, and returned where `capture` asks for it. */
function run(command, args, { capture = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: capture ? ['ignore', 'pipe', 'inherit'] : 'inherit',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.error) throw result.error;
  return { ok: result.status === 0, output: result.stdout ?? '' };
}

const filesBelow = (folder, ending) =>
  existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder), { recursive: true })
        .map((name) => path.join(folder, String(name)))
        .filter((name) => name.endsWith(ending))
        .sort()
    : [];

/** Runs test files under node's own runner. */
function nodeTests(folder, env = {}) {
  const files = filesBelow(folder, '.test.mjs');
  if (files.length === 0) return { ok: false, message: `no test files were built below ${folder}` };
  return reportOf(
    run(
      process.execPath,
      [
        ...['--enable-source-maps', '--test', '--test-reporter=spec'],
        ...['--test-concurrency=2', `--test-timeout=${longest}`],
        ...files,
      ],
      { capture: true, env },
    ),
  );
}

/** Reads the closing counts of node's runner, or of one that prints the same lines. */
function reportOf({ ok, output }) {
  process.stdout.write(output);
  const count = (word) => Number(new RegExp(`^. ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const skipped = count('skipped') + count('todo');
  if (skipped > 0) process.stdout.write(`${skipped} tests were skipped; their reasons stand above.\n`);
  return {
    ok: ok && count('pass') > 0 && !(ci && skipped > 0),
    passed: count('pass'),
    // Cancelled: what ran when its file's time was over.
    failed: count('fail') + count('cancelled'),
    skipped,
  };
}

/** Two reports as one. */
const together = (a, b) => ({
  ok: a.ok && b.ok,
  passed: (a.passed ?? 0) + (b.passed ?? 0),
  failed: (a.failed ?? 0) + (b.failed ?? 0),
  skipped: (a.skipped ?? 0) + (b.skipped ?? 0),
});

/** A desktop VS Code, or Linux on x64 with Chromium: the server build is installed on demand. */
function missingEditor() {
  const { VSCODE_EXECUTABLE, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (VSCODE_EXECUTABLE || DISPLAY || WAYLAND_DISPLAY || process.platform !== 'linux') return null;
  if (process.arch !== 'x64') return 'set VSCODE_EXECUTABLE to a desktop VS Code';
  const chromium = process.env.CHROMIUM_EXECUTABLE ?? '/usr/bin/chromium';
  return existsSync(chromium) ? null : 'apt-get install -y chromium, or set VSCODE_EXECUTABLE';
}

/** The panels are tested in Chromium, under their own policy and with the themes of a real workbench. */
function missingBrowser() {
  const named = process.env.CHROMIUM_EXECUTABLE;
  const places = named
    ? [named]
    : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.some((place) => existsSync(place))
    ? null
    : 'apt-get install -y chromium, or set CHROMIUM_EXECUTABLE';
}

/** Chromium's software Vulkan, for machines without a GPU. */
const swiftShader = '/usr/lib/chromium';
const hasSwiftShader = () => existsSync(path.join(swiftShader, 'vk_swiftshader_icd.json'));

/** WebGPU needs Vulkan on Linux; Windows and macOS bring Direct3D and Metal. */
function missingGpu() {
  if (process.platform !== 'linux' || hasSwiftShader() || existsSync('/dev/dri')) return null;
  return 'apt-get install -y chromium, whose SwiftShader runs WebGPU without a GPU';
}

/** Where Vulkan finds SwiftShader; a machine with a GPU of its own needs nothing. */
function gpuEnvironment() {
  if (process.platform !== 'linux' || !hasSwiftShader()) return {};
  const driver = path.join(swiftShader, 'vk_swiftshader_icd.json');
  const libraries = [swiftShader, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: libraries };
}

/** The served editor: Linux on x64 with Chromium. */
function missingServedEditor() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the served editor needs Linux on x64';
  const chromium = process.env.CHROMIUM_EXECUTABLE ?? '/usr/bin/chromium';
  return existsSync(chromium) ? null : 'apt-get install -y chromium';
}

/** name, what it does; `missing` says how to install what a machine lacks. */
const suites = [
  {
    name: 'types',
    run: () => {
      const node = run(bin('tsc'), ['-p', 'tsconfig.json']);
      const web =
        filesBelow('src/webview', '.ts').length > 0
          ? run(bin('tsc'), ['-p', 'src/webview/tsconfig.json'])
          : { ok: true };
      const inBrowser = ['test/browser', 'test/bench/browser'].map((folder) =>
        run(bin('tsc'), ['-p', `${folder}/tsconfig.json`]),
      );
      return { ok: node.ok && web.ok && inBrowser.every(({ ok }) => ok) };
    },
  },
  { name: 'lint', run: () => run(bin('eslint'), ['--max-warnings', '0', '.']) },
  { name: 'boundaries', run: () => run(bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'src']) },
  { name: 'format', run: () => run(bin('prettier'), ['--check', '--log-level', 'warn', '.']) },
  { name: 'build', run: () => run(process.execPath, ['esbuild.mjs', '--tests']) },
  { name: 'unit', run: () => nodeTests('out/unit') },
  { name: 'browser', missing: missingBrowser, run: () => nodeTests('out/browser') },
  { name: 'gpu', missing: missingGpu, run: () => nodeTests('out/gpu', gpuEnvironment()) },
  {
    name: 'host',
    missing: missingEditor,
    run: () =>
      reportOf(run(process.execPath, ['--enable-source-maps', 'out/host/run.mjs'], { capture: true })),
  },
  {
    name: 'journey',
    missing: missingServedEditor,
    run: () =>
      reportOf(run(process.execPath, ['--enable-source-maps', 'out/editor/journey.mjs'], { capture: true })),
  },
  {
    name: 'package',
    missing: missingServedEditor,
    run: () => {
      const packed = run(process.execPath, ['packaging/main.mjs', '--only', 'linux-x64']);
      if (!packed.ok) return { ok: false };
      return together(
        nodeTests('out/packed'),
        reportOf(
          run(process.execPath, ['--enable-source-maps', 'out/editor/installed.mjs'], { capture: true }),
        ),
      );
    },
  },
];

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : null;
if (process.argv.includes('--list')) {
  for (const suite of suites) console.log(suite.name);
  process.exit(0);
}
for (const name of only ?? []) {
  if (!suites.some((suite) => suite.name === name)) throw new Error(`There is no suite '${name}'.`);
}

// They serve work on one test: a run with them proves less than it says.
const narrowing = ['HIGAN_TEST_ONLY', 'HIGAN_UPDATE'].filter((name) => process.env[name]);
if (ci && narrowing.length > 0) throw new Error(`${narrowing.join(' and ')} may not be set where CI is.`);

let passed = 0;
let failed = 0;
let skipped = 0;
const notRun = [];
for (const suite of suites.filter((s) => !only || only.includes(s.name))) {
  const missing = suite.missing?.() ?? null;
  if (missing) {
    notRun.push(`${suite.name} (${missing})`);
    continue;
  }
  console.log(`\n== ${suite.name}`);
  const started = Date.now();
  const result = suite.run();
  // A suite of checks counts as one; a suite of tests counts its tests.
  passed += result.passed ?? (result.ok ? 1 : 0);
  failed += Math.max(result.failed ?? 0, result.ok ? 0 : 1);
  skipped += result.skipped ?? 0;
  console.log(
    `== ${suite.name}: ${result.ok ? 'ok' : 'FAILED'}${result.message ? ` (${result.message})` : ''} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}
console.log('');
for (const line of notRun) console.log(`NOT RUN: ${line}`);
if (process.env.HIGAN_UPDATE === '1')
  console.log('REFERENCES REWRITTEN (HIGAN_UPDATE=1): look at them before committing');
if (ci) failed += notRun.length;
else skipped += notRun.length;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
