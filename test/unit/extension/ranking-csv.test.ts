/** The ranking as the command Export… writes it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { rankingCsv } from '../../../src/extension/commands/ranking-csv';
import type { StudyResult } from '../../../src/protocol/results';
import { studyOf } from '../../browser/study-fixture';

const study = studyOf(12);

/** Rows of a ranking, by the heads of its columns. */
function read(of: StudyResult): { head: string[]; rows: Record<string, string>[] } {
  const [head, ...lines] = rankingCsv(of)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  return { head, rows: lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]]))) };
}

for (const [unit, of] of [
  ['SD', study],
  ['score units', { ...study, compat: 'higan' as const }],
] as const) {
  test(`effects are in ${unit} where the study ranks by them, and the heads say so`, () => {
    const { head, rows } = read(of);
    const effects = ['delta', 'low', 'high', 'null', ...study.layerSets.map(({ name }) => `delta ${name}`)];
    assert.deepEqual(
      head.filter((name) => name.includes('(')),
      effects.map((name) => `${name} (${unit})`),
    );
    assert.equal(rows.length, study.concepts.length);
    let before = Infinity;
    for (const row of rows) {
      const { effect, layers, probeStd } = study.concepts.find(({ concept }) => concept === row.concept)!;
      if (!effect) continue;
      const raw = unit === 'score units';
      const scale = raw ? probeStd : 1;
      const delta = raw ? effect.deltaRaw : effect.delta;
      assert.equal(Number(row[`delta (${unit})`]), delta);
      assert.ok(delta <= before, 'in the order of that unit');
      before = delta;
      assert.equal(Number(row[`null (${unit})`]), effect.null! * scale);
      if (effect.deltaInterval) assert.equal(Number(row[`low (${unit})`]), effect.deltaInterval.low * scale);
      if (layers)
        assert.equal(
          Number(row[`delta top (${unit})`]),
          raw ? layers.at(-1)!.deltaRaw : layers.at(-1)!.delta,
        );
    }
  });
}
