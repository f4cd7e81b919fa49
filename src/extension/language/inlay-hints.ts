/** Behind each concept that the file names: its rank, Δ and whether it moves. */
import { isMap, isScalar, isSeq } from 'yaml';
import * as vscode from 'vscode';
import { ConceptNames } from '../../engine/experiment';
import { conceptFinding, findingOf, findingText } from '../../protocol/finding';
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import type { Experiments } from '../experiments';
import type { Studies } from '../studies';
import { bestLayers } from './hover';
import { namesConcepts } from './meaning';

export class ExperimentInlayHints implements vscode.InlayHintsProvider {
  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    readonly onDidChangeInlayHints: vscode.Event<void>,
  ) {}

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[]> {
    const judged = await this.experiments.judge(document);
    const { result: stored } = await this.studies.get(document.uri);
    if (!stored || !judged.context) return [];
    const study = inRankedUnit(stored);
    const names = new ConceptNames(judged.context.concepts);
    const results = new Map(study.concepts.map((result) => [result.concept, result]));
    const hints: vscode.InlayHint[] = [];
    for (const { written, end } of conceptsNamed(judged.parsed.document.contents, [])) {
      const concept = names.resolve(written);
      const result = typeof concept === 'string' ? results.get(concept) : undefined;
      const position = document.positionAt(end);
      if (!result || !range.contains(position)) continue;
      const hint = new vscode.InlayHint(position, hintText(result));
      hint.paddingLeft = true;
      hint.tooltip = tooltip(result, study);
      hints.push(hint);
    }
    return hints;
  }
}

/** `#2 Δ 0.81`, `#9 Δ 0.07, does not move`, `#4 Δ 0.31, too few movers` */
export function hintText({ rank, noBoundary, effect }: ConceptResult): string {
  if (!effect) return findingText(noBoundary === null ? 'pending' : 'none');
  const finding = effect.moves ? '' : `, ${findingText(findingOf(effect))}`;
  return `${rank === null ? '' : `#${rank} `}Δ ${effect.delta.toFixed(2)}${finding}`;
}

function tooltip(result: ConceptResult, study: StudyResult): string {
  const best = bestLayers(result, study);
  return best.length > 0 ? `Best layers: ${best.join(', ')}` : conceptFinding(result).long;
}

/** Every single concept that is named in the file, with where it ends. */
function* conceptsNamed(
  node: unknown,
  path: (string | number)[],
): Generator<{ written: string; end: number }> {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isScalar(pair.key)) continue;
      const inner = [...path, String(pair.key.value)];
      if (pair.key.range && namesConcepts({ path: inner, part: 'key' }))
        yield { written: String(pair.key.value), end: pair.key.range[1] };
      yield* conceptsNamed(pair.value, inner);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* conceptsNamed(item, [...path, index]);
  } else if (isScalar(node) && node.range && namesConcepts({ path, part: 'value' })) {
    yield { written: String(node.value), end: node.range[1] };
  }
}
