/** An experiment whose results lie in the workspace before a window opens on it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeLinearModel } from '../fixtures/linear-model';
import { projectRoot } from '../editor/project';

const text = `generator: toy
predictors: [toy]
seed: 3
concepts: [attribute/one, attribute/two]
probe: { samples: 600, positives: 60, negatives: 60 }
rescore: { samples: 64, layers: groups, top: all, nulls: 2 }
`;

/** Writes `stored.higan.yaml` with a toy model of its own and runs it, as a person would in a terminal. */
export async function storeStudy(workspace: string): Promise<void> {
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
  await writeLinearModel(path.join(workspace, 'models'), planted, { D: 16 });
  const file = path.join(workspace, 'stored.higan.yaml');
  writeFileSync(file, text);
  const higan = path.join(projectRoot, 'dist', 'higan.mjs');
  const { status, stderr } = spawnSync(process.execPath, [higan, 'run', file, '--device', 'cpu'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The study that the window looks at could not be run: ${stderr}`);
}
