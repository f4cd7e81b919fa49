/** Where the file claims something that the results contradict: previews of what does not move, verdicts gone stale. */
import { ConceptNames } from '../../engine/experiment';
import { isStaleMark } from '../../engine/store/read';
import { diagnoseAt } from '../../engine/yaml';
import { findingOf, findingReason, findingText } from '../../protocol/finding';
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { ConceptResult, Diagnostic, Effect, StudyResult } from '../../protocol/results';
import type { JudgedDocument } from '../experiments';

/** Warnings and hints about a file. @param current whether the results are those of its present meaning */
export function contradictions(
  judged: JudgedDocument,
  study: StudyResult | null,
  current: boolean,
): Diagnostic[] {
  const { resolved, parsed, context } = judged;
  if (!current || !study || !resolved || !context || study.partial !== null) return [];
  const names = new ConceptNames(context.concepts);
  const results = new Map(inRankedUnit(study).concepts.map((result) => [result.concept, result]));
  const found: Diagnostic[] = [];
  for (const [name, preview] of Object.entries(resolved.previews)) {
    preview.edits.forEach((edit, index) => {
      const result = results.get(edit.concept);
      const path = ['previews', name, 'edits', index];
      if (!result) return;
      const claim = claimAgainst(result, study, edit.layers.layers);
      if (claim)
        found.push(
          diagnoseAt(parsed, [...path, claim.on], 'value', {
            code: 'contradicted',
            severity: claim.severity,
            message: claim.message,
          }),
        );
    });
  }
  for (const [written, verdict] of Object.entries(parsed.value?.review ?? {})) {
    const concept = names.resolve(written);
    const result = typeof concept === 'string' ? results.get(concept) : undefined;
    if (!result) continue;
    if (verdict.verdict === 'accepted' && result.effect && !result.effect.moves)
      found.push(
        diagnoseAt(parsed, ['review', written], 'key', {
          code: 'contradicted',
          severity: severityOf(result.effect),
          message: `'${result.concept}' is accepted here, but the results do not show that it moves: ${findingReason(result.effect)} (${numbers(result.effect)}).`,
        }),
      );
    if (verdict.result !== undefined && isStaleMark(verdict.result, study, result.concept))
      found.push(
        diagnoseAt(parsed, ['review', written], 'key', {
          code: 'stale-verdict',
          severity: 'information',
          message: `The results changed since this verdict was given; look at '${result.concept}' again.`,
        }),
      );
  }
  return found;
}

interface Claim {
  on: 'concept' | 'layers';
  severity: Diagnostic['severity'];
  message: string;
}

function claimAgainst(result: ConceptResult, study: StudyResult, layers: number[]): Claim | null {
  const name = result.concept;
  if (result.noBoundary)
    return {
      on: 'concept',
      severity: 'warning',
      message: `There is no direction for '${name}': ${result.noBoundary}`,
    };
  if (result.effect && !result.effect.moves)
    return { on: 'concept', severity: severityOf(result.effect), message: doubt(`'${name}'`, result.effect) };
  const set = study.layerSets.findIndex((one) => one.layers.join() === layers.join());
  const effect = set < 0 ? null : result.layers?.[set];
  if (!effect || effect.moves) return null;
  const best = study.layerSets.filter((_, index) => result.layers?.[index]?.moves).map((one) => one.name);
  const elsewhere = best.length > 0 ? ` It moves on: ${best.join(', ')}.` : '';
  const message = doubt(`'${name}' on the layers '${study.layerSets[set].name}'`, effect) + elsewhere;
  return { on: 'layers', severity: severityOf(effect), message };
}

/** Too few movers is no finding against a claim, only none for it. */
const severityOf = (effect: Effect): Diagnostic['severity'] =>
  findingOf(effect) === 'few' ? 'information' : 'warning';

function doubt(what: string, effect: Effect): string {
  const finding = findingOf(effect);
  const verdict = finding === 'few' ? 'cannot be said to move' : findingText(finding);
  return `${what} ${verdict}: ${findingReason(effect)} (${numbers(effect)}).`;
}

function numbers({ delta, null: chance }: Effect): string {
  return `Δ ${delta.toFixed(2)}${chance === null ? '' : `, chance up to ${chance.toFixed(2)}`}`;
}
