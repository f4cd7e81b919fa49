/** What the extension costs a window that meets it: loading its code and activating it, in a real extension host. */
import { quantiles, timeRow, type Benchmark } from './benchmark';
import { measureInHost, missingHost } from './in-host';
import type { Activation } from './inside/activation.host';

const windows = 3;

export const benchmark: Benchmark = {
  name: 'activation',
  goal: 'the extension is loaded and activated in at most 50 ms, and loads no native code',
  missing: missingHost,
  async run(note) {
    const measured: Activation[] = [];
    // The window has no experiment in it, so that nothing has activated the extension before.
    for (let window = 0; window < windows; window++) {
      measured.push(await measureInHost<Activation>('activation'));
      note(`window ${window + 1}: ${measured[window].milliseconds.toFixed(1)} ms`);
    }
    const native = Math.max(...measured.map((each) => each.native.length));
    for (const file of new Set(measured.flatMap((each) => each.native))) note(`native: ${file}`);
    return [
      timeRow('activation', quantiles(measured.map((each) => each.milliseconds)).middle, 50),
      {
        what: '  native modules that it loads',
        ours: String(native),
        against: '0 allowed',
        ratio: native,
        goal: '0',
        met: native === 0,
      },
    ];
  },
};
