/** Export…: results as tables or records, a methods section, or the reference's layout of arrays. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { StudyResult } from '../../protocol/results';
import { experimentName } from '../experiments';
import { storeFolder } from '../settings';
import type { Studies } from '../studies';
import { targetOf } from './target';
import { runHigan, type Tools } from './tools';

type Form = 'csv' | 'json' | 'report' | 'reference';

const forms: { label: string; detail: string; form: Form }[] = [
  { label: 'Ranking as CSV', detail: 'One row a concept, with intervals and layers', form: 'csv' },
  { label: 'Result as JSON', detail: 'Everything that the study found', form: 'json' },
  { label: 'Methods section', detail: 'Markdown: versions, hashes, seeds, settings, tables', form: 'report' },
  {
    label: 'HiGAN layout',
    detail: 'The arrays as the reference implementation keeps them',
    form: 'reference',
  },
];

export async function exportResults(tools: Tools, studies: Studies, argument: unknown): Promise<void> {
  const experiment = await targetOf(argument, tools.experiments);
  if (!experiment) return;
  const { result } = await studies.get(experiment);
  const name = experimentName(experiment);
  if (!result) {
    void vscode.window.showInformationMessage(`'${name}' has no results yet: run it first.`);
    return;
  }
  const choice = await vscode.window.showQuickPick(forms, { title: `Export '${name}'` });
  if (!choice) return;
  try {
    if (choice.form === 'reference') await exportReference(tools, experiment);
    else await exportFile(tools, experiment, choice.form, result);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

async function exportReference(tools: Tools, experiment: vscode.Uri): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Folder for the arrays',
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  if (!folder) return;
  const args = ['export', experiment.fsPath, '--higan', folder.fsPath, '--store', storeFolder(experiment)];
  await runHigan(tools, args, path.dirname(experiment.fsPath));
  void vscode.window.showInformationMessage(`Exported to ${folder.fsPath}.`);
}

async function exportFile(
  tools: Tools,
  experiment: vscode.Uri,
  form: Exclude<Form, 'reference'>,
  result: StudyResult,
): Promise<void> {
  const ending = form === 'report' ? 'md' : form;
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(experiment, '..', `${experimentName(experiment)}.${ending}`),
  });
  if (!file) return;
  const content =
    form === 'csv'
      ? rankingCsv(result)
      : form === 'json'
        ? JSON.stringify(result, null, 2)
        : await runHigan(
            tools,
            ['report', experiment.fsPath, '--store', storeFolder(experiment)],
            path.dirname(experiment.fsPath),
          );
  await vscode.workspace.fs.writeFile(file, Buffer.from(content, 'utf8'));
}

/** RFC 4180, one row a concept in ranking order, Δ of each layer set in a column of its own. */
export function rankingCsv(result: StudyResult): string {
  const sets = result.layerSets.map(({ name }) => name);
  const head = ['rank', 'concept', 'level', 'delta', 'low', 'high', 'null', 'moves', 'accuracy', 'positives'];
  const rows = [...result.concepts]
    .sort((a, b) => (b.effect?.delta ?? -1) - (a.effect?.delta ?? -1))
    .map(({ rank, concept, level, effect, boundary, positiveShare, layers }) => [
      ...[rank, concept, level, effect?.delta, effect?.deltaInterval?.low, effect?.deltaInterval?.high],
      ...[effect?.null, effect?.moves, boundary?.accuracy, positiveShare],
      ...sets.map((_, index) => layers?.[index]?.delta),
    ]);
  const cell = (value: string | number | boolean | null | undefined): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [[...head, ...sets.map((name) => `delta ${name}`)], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}
