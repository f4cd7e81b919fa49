/** Before/after thumbnails for hover cards, rendered by the inference process where it is up already. */
import type * as vscode from 'vscode';
import type { InferenceClient } from './inference/client';
import type { Moves } from './moves';
import type { Studies } from './studies';

/** Longest wait of a hover card, in milliseconds; an image that comes later is there the next time. */
const patience = 1500;

export class Thumbnails {
  /** Data URIs by result and concept; a hundred of them are a few hundred kilobytes. */
  private readonly made = new Map<string, Promise<string | null>>();

  constructor(
    private readonly studies: Studies,
    private readonly inference: InferenceClient,
    private readonly moves: Moves,
  ) {}

  /** A PNG data URI of sample 0 before and after the study's step, side by side; null where there is none in time. */
  async beforeAfter(
    experiment: vscode.Uri,
    concept: string,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    const study = await this.studies.get(experiment);
    const result = study.result?.concepts.find((one) => one.concept === concept);
    // A hover alone starts no process.
    if (!study.result || !result?.boundary || this.inference.state.kind !== 'up') return null;
    const key = `${study.result.provenance.experiment} ${concept}`;
    let image = this.made.get(key);
    if (!image) {
      if (this.made.size > 100) this.made.clear();
      image = this.render(experiment, concept, study.result.step).catch(() => {
        this.made.delete(key);
        return null;
      });
      this.made.set(key, image);
    }
    const late = new Promise<null>((resolve) => {
      setTimeout(resolve, patience, null);
      token.onCancellationRequested(() => resolve(null));
    });
    return Promise.race([image, late]);
  }

  private async render(experiment: vscode.Uri, concept: string, step: number): Promise<string | null> {
    const images = new Map<number, { image: Uint8Array; resolution: number }>();
    const preview = { samples: [0], edits: [{ concept, step, layers: 'all' }] };
    await this.moves.render(
      experiment,
      'higan hover card',
      preview,
      { steps: [0, 1], signal: AbortSignal.timeout(20_000) },
      ({ step: at, image, resolution }) => images.set(at, { image, resolution }),
    );
    const [before, after] = [images.get(0), images.get(1)];
    if (!before || !after) return null;
    // Loaded at first need: most windows never show a hover card.
    const { encode } = await import('fast-png');
    const png = encode(sideBySide(before.image, after.image, before.resolution));
    return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  }
}

/** Two images [R, R, 3] as one [R, 2 R + gap, 3]; the gap is mid-grey. */
function sideBySide(
  left: Uint8Array,
  right: Uint8Array,
  size: number,
): { width: number; height: number; channels: 3; data: Uint8Array } {
  const gap = 2;
  const width = 2 * size + gap;
  const data = new Uint8Array(width * size * 3).fill(128);
  for (let row = 0; row < size; row++) {
    const from = row * size * 3;
    data.set(left.subarray(from, from + size * 3), row * width * 3);
    data.set(right.subarray(from, from + size * 3), (row * width + size + gap) * 3);
  }
  return { width, height: size, channels: 3, data };
}
