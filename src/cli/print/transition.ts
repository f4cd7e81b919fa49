/** A transition as text: what became of the pixels of each label. */
import type { Transition } from '../../protocol/results';
import { table } from './table';
import { counted, styled, widthOf, wrapped, type Look } from './text';

/** Labels with less than this share of the pixels, and flows below it, are left out of the text. */
const least = 0.002;

export function transitionText(transition: Transition, look: Look): string {
  const { wanted, samples, looked } = transition;
  const shortage = samples.length < wanted ? ` (${wanted} were asked for)` : '';
  const explained = wrapped(
    `${counted(samples.length, 'samples')}${shortage} that start as ${name(transition.path[0])}, out of ${counted(looked, 'codes')}; ` +
      `each hop is ${transition.step} ${transition.unit === 'sigma' ? 'σ' : 'code units'} along the boundary on ${
        transition.layers === 'all' ? 'all layers' : `the layers ${transition.layers}`
      }. Shares are of all pixels; --json has the whole matrix.`,
    look.width,
  );
  return [
    styled(look, 'bold', transition.path.map(name).join(' → ')),
    styled(look, 'dim', explained),
    ...transition.hops.map((hop) => hopText(hop, transition.labels, look)),
  ].join('\n\n');
}

function hopText(hop: Transition['hops'][number], labels: readonly string[], look: Look): string {
  const rows = labels
    .map((label, i) => {
      const before = sum(hop.flow[i]);
      const kept = hop.flow[i][i];
      const became = hop.flow[i]
        .map((share, j) => ({ share, label: labels[j] }))
        .filter(({ share, label: other }) => share >= least && other !== label)
        .sort((a, b) => b.share - a.share)
        .map(({ share, label: other }) => `${percent(share)} ${other}`);
      const after = sum(hop.flow.map((row) => row[i]));
      return { label, before, after, kept, became };
    })
    .filter(({ before, after }) => Math.max(before, after) >= least)
    .sort((a, b) => b.before - a.before);
  const columns = [
    { title: 'label' },
    { title: 'before', align: 'right' as const },
    { title: 'after', align: 'right' as const },
    { title: 'kept', align: 'right' as const },
    { title: 'became', shrinkTo: 24 },
  ];
  const room = look.width - Math.max(...rows.map(({ label }) => widthOf(label))) - 40;
  const cells = rows.map(({ label, before, after, kept, became }) => [
    ...[label, percent(before), percent(after), before > 0 ? `${Math.round((100 * kept) / before)} %` : '–'],
    became.length > 0 ? fitting(became, room) : '–',
  ]);
  const arrived = `${name(hop.from)} → ${name(hop.to)}: ${Math.round(100 * hop.reached)} % end as ${name(hop.to)}`;
  return `${arrived}\n${table(columns, cells, look)}`;
}

/** As many entries as fit; the rest are smaller. */
function fitting(entries: readonly string[], room: number): string {
  let text = entries[0];
  for (const entry of entries.slice(1)) {
    if (widthOf(text) + widthOf(entry) + 2 > room) break;
    text += `, ${entry}`;
  }
  return text;
}

const sum = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const name = (concept: string): string => concept.replace(/^category\//, '');
