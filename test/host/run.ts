/**
 * Runs `test/host/*.test.ts` inside a real VS Code: a desktop build or the served one (`editor/host-editor.ts`). The exit
 * code of an extension host is not to be trusted (a killed one reports 0), so the run counts only with a fresh result file
 * that lists every planned test.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findHostEditor, runInHost, type HostEditor } from '../editor/host-editor';
import { projectRoot } from '../editor/project';
import type { HostResult } from './result';
import { storeStudy } from './stored-study';

const out = path.join(projectRoot, 'out');

/** A run of the editor: which tests, and whether it asks for trust in the workspace. */
interface Pass {
  name: string;
  /** What the names of its built test files end with. */
  ending: string;
  trust: boolean;
  /** Folders of other extensions that are there as well. */
  beside?: string[];
  /** Empty folders that are the workspace's roots; default: one root, a copy of `workspace`. */
  roots?: string[];
  /** Whether results of `stored.higan.yaml` lie in the workspace before it is opened. */
  stored?: boolean;
}

const passes: Pass[] = [
  { name: 'trusted', ending: '.test.cjs', trust: false },
  { name: 'untrusted', ending: '.untrusted.cjs', trust: true, stored: true },
  {
    name: 'beside-yaml',
    ending: '.beside-yaml.cjs',
    trust: false,
    beside: [path.join(projectRoot, 'test', 'host', 'yaml-extension')],
  },
  { name: 'multi-root', ending: '.multi-root.cjs', trust: false, roots: ['north', 'south'] },
];

/** Runs one pass in a fresh copy of the workspace. */
async function runPass(editor: HostEditor, pass: Pass): Promise<Outcome> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan-host-'));
  const workspace = makeWorkspace(scratch, pass);
  if (pass.stored) await storeStudy(workspace);
  const resultFile = path.join(out, 'host', `result-${pass.name}.json`);
  mkdirSync(path.dirname(resultFile), { recursive: true });
  rmSync(resultFile, { force: true });
  // Milliseconds; studies take many times longer on a busy machine.
  process.env.HIGAN_TEST_TIMEOUT ??= '1200000';
  let problem: string | null = null;
  try {
    await runInHost(editor, {
      ...{ workspace, scratch, trust: pass.trust },
      extensions: [projectRoot, ...(pass.beside ?? [])],
      testsPath: path.join(out, 'host', 'index.cjs'),
      env: {
        HIGAN_TEST_RESULT: resultFile,
        HIGAN_TEST_FOLDER: path.join(out, 'host'),
        HIGAN_TEST_ENDING: pass.ending,
        HIGAN_TEST_ROOT: projectRoot,
        ...(process.env.HIGAN_TEST_ONLY ? { HIGAN_TEST_ONLY: process.env.HIGAN_TEST_ONLY } : {}),
      },
    });
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const outcome = judge(resultFile, problem);
  if (process.env.HIGAN_TEST_KEEP === '1') process.stderr.write(`Kept ${workspace}\n`);
  else rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  return outcome;
}

/** What the window opens. */
function makeWorkspace(scratch: string, { roots }: Pass): string {
  const folder = path.join(scratch, 'workspace');
  if (!roots) {
    cpSync(path.join(projectRoot, 'test', 'host', 'workspace'), folder, { recursive: true });
    return folder;
  }
  for (const root of roots) mkdirSync(path.join(folder, root), { recursive: true });
  const file = path.join(folder, 'roots.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: roots.map((root) => ({ path: root })) }));
  return file;
}

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  problem: string | null;
}

/** Prints what the extension host wrote; a test run that died leaves it unfinished, or absent. */
function judge(resultFile: string, problem: string | null): Outcome {
  if (!existsSync(resultFile))
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      problem: `The extension host wrote no result. ${problem ?? ''}`,
    };
  const { planned, tests } = JSON.parse(readFileSync(resultFile, 'utf8')) as HostResult;
  for (const { state, title, seconds, message } of tests) {
    const mark = { passed: '✔', failed: '✖', skipped: '﹣' }[state];
    process.stdout.write(`${mark} ${title}${seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : ''}\n`);
    if (message) process.stdout.write(`    ${message.replaceAll('\n', '\n    ')}\n`);
  }
  const count = (state: string): number => tests.filter((test) => test.state === state).length;
  const missing = planned - tests.length;
  return {
    passed: count('passed'),
    failed: count('failed') + Math.max(0, missing),
    skipped: count('skipped'),
    problem:
      missing > 0
        ? `${missing} of ${planned} tests did not finish; the extension host went away or hung. ${problem ?? ''}`
        : planned === 0 && !process.env.HIGAN_TEST_ONLY
          ? 'No tests were planned.'
          : problem,
  };
}

const editor = await findHostEditor();
const outcomes: Outcome[] = [];
for (const pass of passes) {
  process.stdout.write(`\n${pass.name}, ${editor.desktop ? 'desktop' : 'served'} editor\n`);
  outcomes.push(await runPass(editor, pass));
}
const sum = (of: 'passed' | 'failed' | 'skipped'): number =>
  outcomes.reduce((total, outcome) => total + outcome[of], 0);
process.stdout.write(`ℹ pass ${sum('passed')}\nℹ fail ${sum('failed')}\nℹ skipped ${sum('skipped')}\n`);
for (const { problem } of outcomes) if (problem) process.stderr.write(`${problem}\n`);
process.exit(sum('failed') > 0 || outcomes.some(({ problem }) => problem) ? 1 : 0);
