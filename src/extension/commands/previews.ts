/** Adding previews to a file: of concepts that are named, of those under the selection, or of one that is chosen. */
import * as vscode from 'vscode';
import { addPreview, ConceptNames } from '../../engine/experiment';
import type { ConceptName } from '../../protocol/concept';
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { writeEdits } from '../edits';
import { isExperiment, type Experiments } from '../experiments';
import { hintText } from '../language/inlay-hints';
import type { Studies } from '../studies';

interface Parts {
  experiments: Experiments;
  studies: Studies;
}

/** What a new preview shows; by default each concept on the layers where it moves most, of the first three samples. */
export interface WantedPreview {
  concepts: readonly ConceptName[];
  layers?: string | number;
  samples?: number[];
}

/**
 * Writes a preview, with the study's step, as one edit of the file.
 * @returns the new preview's name: its first concept's label, numbered where that is taken
 * @throws Failure where the file cannot be written without changing more
 */
export async function addPreviewOf(
  { experiments, studies }: Parts,
  experiment: vscode.Uri,
  { concepts, layers, samples = [0, 1, 2] }: WantedPreview,
): Promise<string> {
  const document = await experiments.document(experiment);
  const { value, draft } = (await experiments.judge(document)).parsed;
  const { result } = await studies.get(experiment);
  const edits = concepts.map((concept) => ({
    concept,
    step: result?.step ?? draft?.rescore.step ?? 2,
    layers: layers ?? bestLayerSet(concept, result) ?? 'all',
  }));
  const taken = Object.keys((value ?? draft)?.previews ?? {});
  const name = freeName(concepts[0].split('/')[1] ?? concepts[0], taken);
  await writeEdits(document, (text) => addPreview(text, name, { samples, edits }));
  return name;
}

/** @returns the concepts that the selection names; undefined, and why in a message, where it names none */
export async function conceptsSelected({
  experiments,
}: Parts): Promise<{ experiment: vscode.Uri; concepts: ConceptName[] } | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isExperiment(editor.document)) return undefined;
  const { document, selection } = editor;
  const judged = await experiments.judge(document);
  const names = new ConceptNames(judged.context?.concepts ?? []);
  const lines = document.getText(
    selection.isEmpty ? document.lineAt(selection.active.line).range : selection,
  );
  const concepts = conceptsIn(lines, names);
  if (concepts.length > 0) return { experiment: document.uri, concepts };
  void vscode.window.showInformationMessage(
    'Select text that names concepts, such as `attribute/indoor lighting`, or place the cursor on such a line.',
  );
  return undefined;
}

/** Asks for a concept. Measured ones come first, those that move before others, with what was found. */
export async function chooseConcept(
  { experiments, studies }: Parts,
  experiment: vscode.Uri,
): Promise<ConceptName | undefined> {
  const { context } = await experiments.judge(await experiments.document(experiment));
  const { result } = await studies.get(experiment);
  const measured = result ? conceptsByEffect(result) : [];
  const found = new Set((result?.concepts ?? []).map(({ concept }) => concept));
  const others = (context?.concepts ?? []).filter(({ concept }) => !found.has(concept));
  const chosen = await vscode.window.showQuickPick(
    [...measured, ...others.map(({ concept }) => ({ label: concept, description: 'not measured' }))],
    { title: 'Add a preview of which concept?', matchOnDescription: true },
  );
  return chosen?.label;
}

/** Concepts that have a direction: what moves most comes first, by Δ in standard deviations. */
function conceptsByEffect(result: StudyResult): { label: ConceptName; description: string }[] {
  const shown = new Map(inRankedUnit(result).concepts.map((each) => [each.concept, each]));
  return result.concepts
    .filter(({ noBoundary }) => noBoundary === null)
    .sort(
      ({ effect: a }, { effect: b }) =>
        Number(b?.moves ?? false) - Number(a?.moves ?? false) || (b?.delta ?? 0) - (a?.delta ?? 0),
    )
    .map((each) => ({ label: each.concept, description: hintText(shown.get(each.concept) ?? each) }));
}

/** Concepts that a text names, each once: whole names as the models have them, globs left out. */
function conceptsIn(text: string, names: ConceptNames): ConceptName[] {
  const plain = text.replaceAll('_', ' ').toLowerCase();
  return names.infos
    .map(({ concept }) => ({ concept, at: plain.indexOf(concept.toLowerCase()) }))
    .filter(({ concept, at }) => at >= 0 && !/[\w~]/.test(plain[at + concept.length] ?? ''))
    .sort((a, b) => a.at - b.at)
    .map(({ concept }) => concept);
}

/** The layer set on which a concept moves most; null where that is not known. */
function bestLayerSet(concept: ConceptName, study: StudyResult | null): string | null {
  const layers = study?.concepts.find((one) => one.concept === concept)?.layers ?? [];
  let best: number | null = null;
  layers.forEach((effect, index) => {
    if (effect.moves && (best === null || effect.delta > layers[best].delta)) best = index;
  });
  return best === null ? null : (study?.layerSets[best].name ?? null);
}

/** `wood`, `wood 2`, … */
function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.includes(`${wanted} ${n}`)) return `${wanted} ${n}`;
}
