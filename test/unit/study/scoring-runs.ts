/** A test between a laboratory and its scoring graphs: it hears of every run, and lets it happen. */
import type { TestContext } from 'node:test';
import type { Session } from '../../../src/engine/session';
import { prepareStudy, type Laboratory, type StudyRequest } from '../../../src/engine/study';
import { apparatusSettings } from '../../../src/engine/study/run';

/** What runs: a study's graph, or the one of previews, which gives images. */
export type Scorer = 'study' | 'preview';

/**
 * @param around called in place of every run of a scoring graph that is opened from now on, those of tuning among them, with
 *   the number of rows that it is fed
 */
export function aroundScoring(
  context: TestContext,
  { sessions }: Laboratory,
  around: (run: () => ReturnType<Session['run']>, scorer: Scorer, rows: number) => ReturnType<Session['run']>,
): void {
  const open = sessions.open.bind(sessions);
  context.mock.method(sessions, 'open', async (bytes: Uint8Array, name: string) => {
    const session = await open(bytes, name);
    if (name !== 'scoring graph') return session;
    const scorer = session.outputs.includes('image') ? 'preview' : 'study';
    const run: Session['run'] = (feeds, options) =>
      around(() => session.run(feeds, options), scorer, Object.values(feeds)[0].dims[0]);
    return new Proxy(session, {
      get: (target, key): unknown => (key === 'run' ? run : Reflect.get(target, key, target)),
    });
  });
}

/** Tunes what an experiment is run with, and has its batches be of one image from then on. */
export async function inSingles(laboratory: Laboratory, request: StudyRequest): Promise<void> {
  const { experiment } = await prepareStudy(request);
  const apparatus = await laboratory.apparatus(apparatusSettings(experiment));
  await apparatus.tune();
  apparatus.batch = 1;
}
