/**
 * Installs the packed extension for this platform into the served editor, as a person would, and runs a study from it.
 * `node out/editor/installed.mjs`, after `npm run package`.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from './project';
import { removeFolder } from './server';
import { openWorkbench } from './workbench';

const patience = 400_000;

const packed = path.join(projectRoot, 'out', 'package');
const vsix = readdirSync(packed).find((name) => name.endsWith(`${process.platform}-${process.arch}.vsix`));
if (!vsix) throw new Error(`There is no .vsix for this platform in ${packed}: npm run package`);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan-installed-'));
const name = 'small.higan.yaml';
mkdirSync(path.join(scratch, 'workspace'));
cpSync(
  path.join(projectRoot, 'test', 'host', 'workspace', 'other', 'kitchen.higan.yaml'),
  path.join(scratch, 'workspace', name),
);

/** Stages of the stored result, once there is one. */
function storedStages(): string[] {
  const results = path.join(scratch, 'workspace', '.higan', 'results');
  if (!existsSync(results)) return [];
  const [file] = readdirSync(results).filter((entry) => /^[0-9a-f]{64}\.json$/.test(entry));
  if (!file) return [];
  return (JSON.parse(readFileSync(path.join(results, file), 'utf8')) as { stages: string[] }).stages;
}

let problem: string | null = null;
const workbench = await openWorkbench({
  folder: path.join(scratch, 'workspace'),
  vsix: [path.join(packed, vsix)],
});
try {
  await workbench.command('HiGAN: Run Experiment', 120_000);
  for (const end = Date.now() + patience; !storedStages().includes('rank'); await sleep(500)) {
    if (Date.now() > end)
      throw new Error(`The study did not end; stages so far: ${storedStages().join(', ')}`);
  }
} catch (error) {
  problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const file = path.join(packed, 'installed.png');
  await workbench.page.screenshot({ path: file }).catch(() => undefined);
  process.stderr.write(`${problem}\nScreenshot: ${file}\n`);
} finally {
  await workbench.stop();
  removeFolder(scratch);
}
process.stdout.write(
  `${problem ? '✖' : '✔'} ${vsix} installs and runs a study\n` +
    `ℹ pass ${problem ? 0 : 1}\nℹ fail ${problem ? 1 : 0}\nℹ skipped 0\n`,
);
process.exit(problem ? 1 : 0);
