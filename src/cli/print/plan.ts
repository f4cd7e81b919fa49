/** What a run would cost, as a table. */
import type { Plan } from '../../protocol/results';
import { table } from './table';
import { bytes, count, counted, duration, styled, type Look } from './text';

export function planText(plan: Plan, look: Look): string {
  const rows = plan.stages
    .filter(({ total }) => total > 0)
    .map(({ stage, total, cached, unit, seconds, bytes: size }) => [
      stage,
      `${count(total)} ${unit}`,
      cached > 0 ? count(cached) : '–',
      duration(seconds),
      bytes(size),
    ]);
  const free = plan.freeBytes === null ? '' : ` (${bytes(plan.freeBytes)} free)`;
  const on =
    plan.rate === null
      ? `the store has everything, computed on ${plan.device}`
      : `${count(plan.rate)} images a second on ${plan.device}, ${plan.batch} at a time`;
  return [
    `${styled(look, 'bold', 'Plan')}: ${on}`,
    table(
      [
        { title: 'stage' },
        { title: 'work', align: 'right' },
        { title: 'in store', align: 'right' },
        { title: 'time', align: 'right' },
        { title: 'disk', align: 'right' },
      ],
      rows,
      look,
    ),
    `In all ${counted(plan.images, 'images')}, ${count(plan.cached)} of them in the store already: about ` +
      `${duration(plan.seconds)} and ${bytes(plan.bytes)} of disk${free}.`,
  ].join('\n\n');
}
