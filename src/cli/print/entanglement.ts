/** The entanglement matrix as text: what moving a concept drags along, strongest first. */
import type { Entanglement } from '../../protocol/results';
import { table } from './table';
import { decimal, styled, widthOf, wrapped, type Look } from './text';

export function entanglementText(entanglement: Entanglement, look: Look): string {
  const { layers, rows, concepts, effects, sideEffects } = entanglement;
  const room = look.width - Math.max(...rows.map(widthOf)) - 6 - 2 * 2;
  const lines = rows.map((moved, r) => {
    const own = effects[r][concepts.indexOf(moved)];
    const others = sideEffects[r].map(({ concept, mean }) => `${signed(mean)} ${concept}`);
    return [moved, own ? signed(own.mean) : '–', others.length === 0 ? '–' : fitting(others, room)];
  });
  const explained = wrapped(
    'Mean change of scores, in standard deviations, when codes are moved along a concept; others are shown where ' +
      'they change beyond chance: tested together, and by more than along random directions. --json has the whole matrix.',
    look.width,
  );
  return [
    `${styled(look, 'bold', 'Entanglement')} of moves on ${layers === 'all' ? 'all layers' : `the layers ${layers}`}\n${styled(look, 'dim', explained)}`,
    table(
      [{ title: 'moved' }, { title: 'itself', align: 'right' }, { title: 'drags along', shrinkTo: 24 }],
      lines,
      look,
    ),
  ].join('\n\n');
}

/** As many of the entries as fit, and how many more there are. */
function fitting(entries: readonly string[], room: number): string {
  for (let shown = entries.length; shown > 1; shown--) {
    const more = shown < entries.length ? `, ${entries.length - shown} more` : '';
    const text = entries.slice(0, shown).join(', ') + more;
    if (widthOf(text) <= room) return text;
  }
  return entries[0];
}

const signed = (x: number): string => (x > 0 ? `+${decimal(x)}` : decimal(x));
