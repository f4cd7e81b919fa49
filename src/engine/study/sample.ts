/** How far samples of a model are drawn towards its mean code. */
import { badInput } from '../failure';
import type { Truncation } from '../latent';
import type { Model } from '../manifest';
import { generatorOf, meanCode } from './model-inputs';

/** The truncation of a model, with its own or another ψ; null where it has none or ψ is 1. */
export async function truncationOf(model: Model, psi?: number): Promise<Truncation | null> {
  const declared = generatorOf(model).truncation;
  if (!declared) {
    if (psi !== undefined && psi !== 1) {
      throw badInput(`The model '${model.name}' has no mean code to truncate towards: leave ψ at 1.`);
    }
    return null;
  }
  if ((psi ?? declared.psi) === 1) return null;
  const mean = await meanCode(model);
  return mean && { psi: psi ?? declared.psi, cutoff: declared.cutoff, mean };
}
