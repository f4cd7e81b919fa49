/** The directions that a study has found, for what is made along them afterwards: previews and walks. */
import { openStoreForReading } from '../store/read';
import { boundarySettings, knownDirection } from './boundaries';
import type { Direction } from './directions';
import type { ApparatusIdentity } from './identity';
import type { PreparedStudy } from './run';

/**
 * Directions of concepts with their σ, as the store has them; needs no sessions. Those that were fitted on this machine
 * come first. The others are those of the study's result, whatever it was computed on: `run` takes that for its answer
 * and fits nothing here, so that they would never come.
 * @param identity of the study's own apparatus here: one without images, which has another hash
 * @returns in the order of the concepts; null for those without a direction
 * @throws Failure where the study's result is damaged
 */
export async function studyDirections(
  prepared: PreparedStudy,
  identity: ApparatusIdentity,
  concepts: readonly string[],
): Promise<(Direction | null)[]> {
  const store = await openStoreForReading(prepared.store);
  const settings = boundarySettings(prepared);
  const fitted = await Promise.all(
    concepts.map((concept) => knownDirection(store, identity, concept, settings)),
  );
  if (fitted.every((direction) => direction !== null)) return fitted;
  const stored = await store.readResult(prepared.hash);
  return Promise.all(
    concepts.map(async (name, i): Promise<Direction | null> => {
      const boundary = stored?.result.concepts.find(({ concept }) => concept === name)?.boundary;
      if (fitted[i] || !boundary) return fitted[i];
      const found = await store.readBoundary(boundary.hash);
      return found && { vector: found.direction, sigma: boundary.sigma };
    }),
  );
}
