/** Add Preview from Selection: the concepts under the selection become a preview of the file. */
import * as vscode from 'vscode';
import { addPreview, ConceptNames } from '../../engine/experiment';
import { writeEdits } from '../edits';
import { isExperiment, type Experiments } from '../experiments';
import type { Studies } from '../studies';

/**
 * @returns the new preview's name, or undefined when there was no concept to add
 */
export async function addPreviewFromSelection(
  experiments: Experiments,
  studies: Studies,
): Promise<{ experiment: vscode.Uri; preview: string } | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isExperiment(editor.document)) return undefined;
  const { document, selection } = editor;
  const judged = await experiments.judge(document);
  const names = new ConceptNames(judged.context?.concepts ?? []);
  const lines = document.getText(
    selection.isEmpty ? document.lineAt(selection.active.line).range : selection,
  );
  const concepts = conceptsIn(lines, names);
  if (concepts.length === 0) {
    void vscode.window.showInformationMessage(
      'Select text that names concepts, such as `attribute/indoor lighting`, or place the cursor on such a line.',
    );
    return undefined;
  }
  const study = (await studies.get(document.uri)).result;
  const edits = concepts.map((concept) => ({
    concept,
    step: study?.step ?? judged.parsed.draft?.rescore.step ?? 2,
    layers: bestLayerSet(concept, study) ?? 'all',
  }));
  const name = freeName(concepts[0].split('/')[1], Object.keys(judged.parsed.draft?.previews ?? {}));
  await writeEdits(document, (text) => addPreview(text, name, { samples: [0, 1, 2], edits }));
  return { experiment: document.uri, preview: name };
}

/** Concepts that a text names, each once: whole names as the models have them, globs left out. */
export function conceptsIn(text: string, names: ConceptNames): string[] {
  const plain = text.replaceAll('_', ' ').toLowerCase();
  return names.infos
    .map(({ concept }) => ({ concept, at: plain.indexOf(concept.toLowerCase()) }))
    .filter(({ concept, at }) => at >= 0 && !/[\w~]/.test(plain[at + concept.length] ?? ''))
    .sort((a, b) => a.at - b.at)
    .map(({ concept }) => concept);
}

/** The layer set on which a concept moves most; null where that is not known. */
export function bestLayerSet(concept: string, study: Parameters<typeof strongest>[1] | null): string | null {
  return study ? strongest(concept, study) : null;
}

function strongest(
  concept: string,
  study: NonNullable<Awaited<ReturnType<Studies['get']>>['result']>,
): string | null {
  const layers = study.concepts.find((one) => one.concept === concept)?.layers ?? [];
  let best: number | null = null;
  layers.forEach((effect, index) => {
    if (effect.moves && (best === null || effect.delta > layers[best].delta)) best = index;
  });
  return best === null ? null : study.layerSets[best].name;
}

/** `wood`, `wood 2`, … */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.includes(`${wanted} ${n}`)) return `${wanted} ${n}`;
}
