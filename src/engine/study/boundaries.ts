/** The boundary stage: per concept a linear classifier between its highest and lowest scoring codes (section 4.1). */
import * as z from 'zod';
import type { Experiment } from '../../protocol/experiment';
import type { BoundarySummary } from '../../protocol/results';
import type { BoundaryPool } from '../boundary';
import type { ResolvedExperiment } from '../experiment';
import { interrupted } from '../failure';
import type { Store } from '../store';
import { keyHash, type Json } from '../canonical';
import type { StoreReader } from '../store/read';
import type { Apparatus } from './apparatus';
import type { Direction } from './directions';
import type { ApparatusIdentity } from './identity';
import type { ImportedDirection, ImportedDirections } from './imports';
import type { ProbeSummary } from './selection';
import { sliceOf, storedSigma, type Spread } from './spread';

/** Fewer codes a side than this fit no direction worth the name. */
const fewestASide = 10;

/** A concept's direction, or the sentence that says why there is none. */
export type FittedBoundary =
  | { concept: string; direction: Direction; summary: BoundarySummary; intercepts: number[]; reason: null }
  | { concept: string; direction: null; summary: null; reason: string };

/** What the store keeps of a fit: the direction's hash and how good it is. */
const fitSchema = z.object({
  hash: z.string(),
  method: z.enum(['svm', 'logistic', 'lda', 'imported']),
  accuracy: z.number().nullable(),
  support: z.int().nullable(),
  positives: z.int(),
  negatives: z.int(),
  intercepts: z.array(z.number()),
});

type Fit = z.infer<typeof fitSchema>;

export interface BoundarySettings {
  method: Experiment['boundary']['method'];
  C: number;
  validation: number;
  positives: number;
  negatives: number;
  /** Codes probed, N. */
  samples: number;
  /** Directions that stand in for fitted ones. */
  imports: ImportedDirections;
  /** `compat: higan`: positives and negatives are split each on their own. Absent otherwise, also from keys. */
  stratified?: true;
}

/** The settings of a prepared study. */
export const boundarySettings = ({
  experiment,
  imports,
}: {
  experiment: Pick<ResolvedExperiment, 'boundary' | 'probe' | 'compat'>;
  imports: ImportedDirections;
}): BoundarySettings => ({
  ...experiment.boundary,
  ...experiment.probe,
  imports,
  ...(experiment.compat === 'higan' ? { stratified: true } : {}),
});

/** Everything that a fitted direction follows from; known before anything is computed. */
export function boundaryKey(
  apparatus: Pick<Apparatus, 'identity'>,
  concept: string,
  settings: BoundarySettings,
): Json {
  const { imports, ...fitted } = settings;
  const imported = imports.get(concept);
  const common = { kind: 'boundary', ...apparatus.identity, concept };
  if (imported) return { ...common, imported: imported.hash };
  // LDA has no C.
  const { C, ...others } = fitted;
  return { ...common, ...others, ...(fitted.method === 'lda' ? {} : { C }) };
}

/**
 * Why a probe gives no two classes, and what to change; or null.
 * @param asked how many codes each class is to have
 */
export function noTwoClasses(
  { probed, scored, eligible, gap }: ProbeSummary,
  asked: Pick<BoundarySettings, 'positives' | 'negatives'>,
): string | null {
  const { positives, negatives } = asked;
  if (eligible < positives + negatives) {
    // Only pairs leave codes out: those that are neither of the two.
    const which = eligible < scored ? 'are clearly one of the two' : 'have a score';
    // Below twice the fewest, no smaller number of positives and negatives would do.
    const remedy = eligible < 2 * fewestASide ? '' : ', or lower probe.positives and probe.negatives';
    return `Only ${eligible} of ${probed} codes ${which}; ${positives} positives and ${negatives} negatives were asked for. Raise probe.samples${remedy}.`;
  }
  if (Math.min(positives, negatives) < fewestASide) {
    return `${positives} positives and ${negatives} negatives were asked for, and fewer than ${fewestASide} a side fit no direction. Raise probe.positives and probe.negatives.`;
  }
  if (!(gap > 0)) {
    return `Too few distinct scores: the ${positives} highest and the ${negatives} lowest meet at the same value. Lower probe.positives and probe.negatives, or raise probe.samples; a score that never varies has no direction.`;
  }
  return null;
}

/** The direction that the store has for a concept, or null. */
export async function fitKnown(
  store: StoreReader,
  apparatus: Pick<Apparatus, 'identity'>,
  concept: string,
  settings: BoundarySettings,
): Promise<{ vector: Float32Array; fit: Fit } | null> {
  const fit = await store.readDocument('boundary', boundaryKey(apparatus, concept, settings), fitSchema);
  const stored = fit && (await store.readBoundary(fit.hash));
  return stored ? { vector: stored.direction, fit } : null;
}

/** A concept's direction with its σ as the store has them, or null. Needs no sessions. */
export async function knownDirection(
  store: StoreReader,
  identity: ApparatusIdentity,
  concept: string,
  settings: BoundarySettings,
): Promise<Direction | null> {
  const known = await fitKnown(store, { identity }, concept, settings);
  const sigma = known && (await storedSigma(store, identity, settings.samples, known.vector));
  return known && sigma && { vector: known.vector, sigma };
}

/** An imported direction as if it had been fitted: by no codes of ours, so with no accuracy of ours. */
function asFit({ vector }: ImportedDirection): { vector: Float32Array; made: Omit<Fit, 'hash'> } {
  const made = { accuracy: null, support: null, positives: 0, negatives: 0, intercepts: [] };
  return { vector, made: { method: 'imported', ...made } };
}

/** Fits, or reads from the store, the directions of concepts. */
export class BoundaryStage {
  constructor(
    private readonly store: Store,
    private readonly apparatus: Apparatus,
    private readonly spread: Spread,
    private readonly settings: BoundarySettings,
    private readonly pool: BoundaryPool,
    private readonly signal?: AbortSignal,
  ) {}

  /** @returns the boundary, whether it was computed now, and the names of what the store keeps of it */
  async fit(
    summary: ProbeSummary,
  ): Promise<{ boundary: FittedBoundary; computed: boolean; document?: string }> {
    const { concept } = summary;
    const imported = this.settings.imports.get(concept);
    const reason = imported ? null : noTwoClasses(summary, this.settings);
    if (reason !== null) {
      return { boundary: { concept, direction: null, summary: null, reason }, computed: false };
    }
    const key = boundaryKey(this.apparatus, concept, this.settings);
    const document = `boundary/${keyHash(key)}`;
    const fit = await this.store.readDocument('boundary', key, fitSchema);
    const stored = fit && (await this.store.readBoundary(fit.hash));
    if (fit && stored) {
      return { boundary: await this.describe(concept, stored.direction, fit), computed: false, document };
    }
    const { vector, made } = imported ? asFit(imported) : await this.fitted(summary);
    const { space } = this.apparatus.identity;
    const hash = await this.store.writeBoundary(vector, [1, vector.length], { concept, space, ...made });
    await this.store.writeDocument('boundary', key, { hash, ...made });
    return { boundary: await this.describe(concept, vector, { hash, ...made }), computed: true, document };
  }

  private async fitted(summary: ProbeSummary): Promise<{ vector: Float32Array; made: Omit<Fit, 'hash'> }> {
    const { vector, quality } = await this.fitSlices(summary);
    const { positives, negatives } = summary;
    const made = { positives: positives.length, negatives: negatives.length, ...quality };
    return { vector, made: { method: this.settings.method, ...made } };
  }

  /** Fits each slice of the space on its own: one in z and w, one a layer in y. */
  private async fitSlices(summary: ProbeSummary): Promise<{
    vector: Float32Array;
    quality: { accuracy: number; support: number | null; intercepts: number[] };
  }> {
    const { space, identity } = this.apparatus;
    const n = summary.positives.length + summary.negatives.length;
    const codes = await space.drawAt('probe', [...summary.positives, ...summary.negatives]);
    const labels = new Int8Array(n).fill(1, 0, summary.positives.length).fill(-1, summary.positives.length);
    const fits = await Promise.all(
      space.slices.map((slice, i) =>
        this.pool.fit(
          {
            name: space.slices.length > 1 ? `${summary.concept}, layer ${i}` : summary.concept,
            codes: sliceOf(codes, n, space.width, slice).slice(),
            labels: labels.slice(),
            method: this.settings.method,
            C: this.settings.C,
            validation: this.settings.validation,
            seed: identity.seed,
            stratified: this.settings.stratified,
          },
          this.signal,
        ),
      ),
    );
    if (this.signal?.aborted) throw interrupted();
    const vector = new Float32Array(space.width);
    fits.forEach((fit, i) => vector.set(fit.normal, space.slices[i].start));
    const supports = fits.flatMap((fit) => (fit.support === null ? [] : [fit.support]));
    return {
      vector,
      quality: {
        // One direction a layer: the paper reports one accuracy, so the layers' mean stands for them.
        accuracy: fits.reduce((sum, fit) => sum + fit.accuracy, 0) / fits.length,
        support:
          supports.length > 0 ? Math.round(supports.reduce((a, b) => a + b, 0) / supports.length) : null,
        intercepts: fits.map((fit) => fit.intercept),
      },
    };
  }

  private async describe(concept: string, vector: Float32Array, fit: Fit): Promise<FittedBoundary> {
    const sigma = await this.spread.along(vector);
    const { hash, method, accuracy, support, positives, negatives, intercepts } = fit;
    return {
      concept,
      direction: { vector, sigma },
      summary: { concept, hash, method, accuracy, support, positives, negatives, sigma },
      intercepts,
      reason: null,
    };
  }
}
