/** How long the extension host stands still for us: in a large study, and in a long file. */
import { timeRow, type Benchmark } from './benchmark';
import { measureInHost, missingHost } from './in-host';
import type { Blocking } from './inside/blocking.host';

const allowed = 50;

export const benchmark: Benchmark = {
  name: 'blocking',
  goal: 'the extension host is never blocked for more than 50 ms',
  missing: missingHost,
  async run(note) {
    const { typing, streaming } = await measureInHost<Blocking>('blocking');
    const told = (blocks: number[]): string => blocks.map((block) => block.toFixed(0)).join(', ');
    note(`typing into 2,000 lines, longest block after each edit: ${told(typing)} ms`);
    note(`a study of 1,000 concepts, longest block in each second: ${told(streaming)} ms`);
    return [
      timeRow('host blocked, typing into 2,000 lines', Math.max(...typing), allowed),
      timeRow('host blocked, 1,000 concepts streaming', Math.max(...streaming), allowed),
    ];
  },
};
