/**
 * From a keystroke in a preview's YAML to the new pixels of the cell that is looked at, on the bundled model and the CPU:
 * through the parser and the resolver as the extension calls them, the real inference process over the real channel, and
 * back to the image that the panel is sent. Idle, and while a study runs in the same process.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { judgeExperiment, resolveExperiment, setEdit } from '../../src/engine/experiment';
import { workerFile } from '../../src/engine/worker-file';
import { withEdits } from '../../src/engine/yaml';
import { textWith } from '../../src/extension/moves';
import { InferenceProcess } from '../../src/extension/inference/process';
import { quantiles, timeRow, type Benchmark, type Row } from './benchmark';

const strokes = 40;
const allowed = { whole: 150, besides: 30 };
const preview = 'evening';
const device = 'cpu';

/** Milliseconds of one keystroke: to the pixels, and of those outside the device. */
interface Stroke {
  whole: number;
  besides: number;
}

export const benchmark: Benchmark = {
  name: 'preview',
  goal: 'keystroke in a preview to the focused cell’s pixels ≤ 150 ms, of which ≤ 30 ms not the generator',
  async run(note) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
    const typist = new Typist(folder);
    try {
      await typist.prepare();
      note('the directions are there');
      const idle = await typist.type();
      note(`idle: ${told(idle)}`);
      const stop = await typist.startStudy();
      const busy = await typist.type();
      await stop();
      note(`during a study: ${told(busy)}`);
      return [...rows('keystroke → cell, idle', idle), ...rows('keystroke → cell, during a study', busy)];
    } finally {
      await typist.end();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

class Typist {
  private readonly devices: [number, number][] = [];
  private readonly process: InferenceProcess;
  private readonly file: string;
  private text = '';
  private requests = 0;

  constructor(private readonly folder: string) {
    this.file = path.join(folder, 'bedroom.higan.yaml');
    this.process = new InferenceProcess({
      entry: path.join(path.dirname(fileURLToPath(import.meta.url)), 'timed-inference.mjs'),
      log: (line) => {
        const match = /^device (\S+) (\S+)$/.exec(line);
        if (match) this.devices.push([Number(match[1]), Number(match[2])]);
      },
    });
  }

  /** The example with a small probe, run until its previews have directions. */
  async prepare(): Promise<void> {
    const example = path.join(path.dirname(workerFile('higan')), '..', 'examples', 'rooms');
    const text = await readFile(path.join(example, 'bedroom.higan.yaml'), 'utf8');
    this.text = text
      .replace(/samples: \d+ # the paper: 500/, 'samples: 1000 # the paper: 500')
      .replace(/positives: \d+/, 'positives: 80')
      .replace(/negatives: \d+/, 'negatives: 80');
    await writeFile(this.file, this.text);
    const { file } = this;
    await this.process.channel.call('run', { file, device, id: 'first', until: 'boundary' });
    await this.process.channel.call('attend', { visible: true });
  }

  /** Begins a long probe and waits until its batches run; resolves with what ends it. */
  async startStudy(): Promise<() => Promise<void>> {
    const file = path.join(this.folder, 'other.higan.yaml');
    await writeFile(file, 'generator: rooms\nseed: 8\nprobe: { samples: 100000 }\n');
    const controller = new AbortController();
    const running = this.process.channel
      .call('run', { file, device, id: 'long', until: 'probe' }, { signal: controller.signal })
      .catch(() => undefined);
    await new Promise<void>((resolve) => {
      const stop = this.process.channel.on('progress', ({ id, done }) => {
        if (id !== 'long' || done === 0) return;
        stop();
        resolve();
      });
    });
    return async () => {
      controller.abort();
      await running;
    };
  }

  /** Types steps one after the other, each superseding the one before as soon as its cell is there. */
  async type(): Promise<Stroke[]> {
    const taken: { start: number; end: number }[] = [];
    for (let i = -5; i < strokes; i++) {
      const text = withEdits(this.text, setEdit(this.text, preview, 0, { step: 1 + ((i + 5) % 20) / 10 }));
      const stroke = await this.stroke(text);
      if (i >= 0) taken.push(stroke);
      // As a fast typist pauses; never in step with a study's batches.
      await sleep(120 + (((i + 5) * 37) % 90));
    }
    return taken.map(({ start, end }) => ({
      whole: end - start,
      besides: end - start - this.deviceTime(start, end),
    }));
  }

  /** What happens from a changed text to the cell's pixels. */
  private async stroke(text: string): Promise<{ start: number; end: number }> {
    const start = now();
    void this.process.channel.call('expect', {}).catch(() => undefined);
    // The document has changed: it is judged, and the panel is told what the preview says now.
    const { parsed, context, diagnostics } = await judgeExperiment(text, { experimentFile: this.file });
    if (!parsed.value || !context || diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
    resolveExperiment(parsed.value, context);
    const shown = parsed.value.previews[preview];
    // The panel asks for it to be drawn.
    const request = `stroke-${++this.requests}`;
    const controller = new AbortController();
    const end = await new Promise<number>((resolve, reject) => {
      const stop = this.process.channel.on('cell', (cell) => {
        if (cell.request !== request) return;
        stop();
        resolve(now());
      });
      this.process.channel
        .call(
          'preview',
          {
            ...{ file: this.file, device, request, preview, steps: [0, 0.5, 1], focus: shown.samples[0] },
            text: textWith(parsed.data, preview, shown),
          },
          { signal: controller.signal },
        )
        .catch(reject);
    });
    controller.abort();
    return { start, end };
  }

  private deviceTime(start: number, end: number): number {
    return this.devices
      .map(([from, to]) => Math.max(0, Math.min(to, end) - Math.max(from, start)))
      .reduce((sum, each) => sum + each, 0);
  }

  async end(): Promise<void> {
    await this.process.end();
  }
}

const now = (): number => performance.timeOrigin + performance.now();
const told = (taken: Stroke[]): string =>
  (['whole', 'besides'] as const)
    .map((key) => {
      const { middle, most } = quantiles(taken.map((stroke) => stroke[key]));
      return `${key} ${middle.toFixed(1)} ms, 95 % ≤ ${most.toFixed(1)} ms`;
    })
    .join('; ');

const rows = (what: string, taken: Stroke[]): Row[] =>
  [[what, 'whole'] as const, ['  of which not the generator', 'besides'] as const].map(([title, key]) =>
    timeRow(title, quantiles(taken.map((stroke) => stroke[key])).middle, allowed[key]),
  );
