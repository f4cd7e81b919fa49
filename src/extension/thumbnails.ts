/**
 * Before/after thumbnails for hover cards: rendered by the inference process where it is up already or somebody asks, and
 * kept as small PNGs in the extension's own storage, so that they are there without a process the next time.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import type { InferenceClient } from './inference/client';
import { noDirection, type Moves } from './moves';
import { sideBySide } from './side-by-side';
import type { Studies } from './studies';

/** Longest wait of a hover card, in milliseconds; an image that comes later is there the next time. */
const patience = 1500;
/** Longest side of an image in pixels: a hover card shows no more. */
const largest = 192;
/** Images that are kept; those that were made first go first. About 30 kB each. */
const kept = 500;

const outdated =
  'The results are of an earlier version of this file: run it again to see what its concepts look like.';

export class Thumbnails {
  /** Data URIs by result and concept; a hundred of them are a few megabytes at most. */
  private readonly made = new Map<string, Promise<string | null>>();

  /** @param folder where they are kept; made at first need */
  constructor(
    private readonly studies: Studies,
    private readonly inference: InferenceClient,
    private readonly moves: Moves,
    readonly folder: string,
  ) {}

  /** A PNG data URI of sample 0 before and after the study's step, side by side; null where there is none in time. */
  async beforeAfter(
    experiment: vscode.Uri,
    concept: string,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    const known = await this.known(experiment, concept);
    if (!known) return null;
    const present = this.made.get(known.key) ?? (await this.read(known.key));
    // A hover alone starts no process.
    if (!present && this.inference.state.kind !== 'up') return null;
    const image = Promise.resolve(present ?? this.make(experiment, concept)).catch(() => null);
    const late = new Promise<null>((resolve) => {
      setTimeout(resolve, patience, null);
      token.onCancellationRequested(() => resolve(null));
    });
    return Promise.race([image, late]);
  }

  /**
   * Renders it now, starting the process where needed.
   * @throws CannotRun, CancelledError, what went wrong, or that the results are of an earlier version of the file
   */
  async make(experiment: vscode.Uri, concept: string, signal?: AbortSignal): Promise<string | null> {
    const known = await this.known(experiment, concept);
    if (!known) return null;
    // It is kept under the results, and rendered from the file as it stands: both have to be the same study.
    const { judged } = await this.studies.asItStands(experiment);
    if (!this.studies.isCurrent(await this.studies.get(experiment), judged)) throw new Error(outdated);
    const { key, step } = known;
    if (this.made.size > 100) this.made.clear();
    const image = this.render(experiment, concept, step, key, signal);
    this.made.set(key, image);
    image.then(
      (made) => made ?? this.made.delete(key),
      () => this.made.delete(key),
    );
    return image;
  }

  /** What names the image of a concept that has a direction; null where there is nothing to show. */
  private async known(
    experiment: vscode.Uri,
    concept: string,
  ): Promise<{ key: string; step: number } | null> {
    const { result } = await this.studies.get(experiment);
    const boundary = result?.concepts.find((one) => one.concept === concept)?.boundary;
    if (!result || !boundary) return null;
    const text = `${result.provenance.experiment} ${concept} ${boundary.hash}`;
    return { key: createHash('sha256').update(text).digest('hex'), step: result.step };
  }

  private async render(
    experiment: vscode.Uri,
    concept: string,
    step: number,
    key: string,
    signal?: AbortSignal,
  ): Promise<string | null> {
    const images = new Map<number, { image: Uint8Array; resolution: number }>();
    const preview = { samples: [0], edits: [{ concept, step, layers: 'all' }] };
    const { missing } = await this.moves.render(
      experiment,
      'higan hover card',
      preview,
      { steps: [0, 1], signal: signal ?? AbortSignal.timeout(20_000) },
      ({ step: at, image, resolution }) => images.set(at, { image, resolution }),
    );
    if (missing.includes(concept)) throw new Error(noDirection(concept));
    const [before, after] = [images.get(0), images.get(1)];
    if (!before || !after) return null;
    // Loaded at first need: most windows never show a hover card.
    const { encode } = await import('fast-png');
    const png = encode(sideBySide(before.image, after.image, before.resolution, largest));
    // A full disk is no reason to show nothing.
    await this.keep(key, png).catch(() => undefined);
    return dataUri(png);
  }

  private read(key: string): Promise<string | null> {
    return readFile(this.file(key)).then(dataUri, () => null);
  }

  private async keep(key: string, png: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const own = `${this.file(key)}.${process.pid}`;
    await writeFile(own, png);
    await rename(own, this.file(key));
    const names = await readdir(this.folder);
    if (names.length <= kept) return;
    const aged = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        return { file, time: (await stat(file)).mtimeMs };
      }),
    );
    aged.sort((a, b) => a.time - b.time);
    // Some at once, so that not every new one lists the folder's ages.
    for (const { file } of aged.slice(0, aged.length - 0.9 * kept)) await rm(file, { force: true });
  }

  private file(key: string): string {
    return path.join(this.folder, `${key}.png`);
  }
}

const dataUri = (png: Uint8Array): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
