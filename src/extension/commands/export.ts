/** Export…: results as tables or records, a methods section, or the reference's layout of arrays. */
import * as vscode from 'vscode';
import type { StudyResult } from '../../protocol/results';
import { experimentName } from '../experiments';
import { cancellable, tellFault, workLine } from '../progress';
import { rankingCsv } from './ranking-csv';
import type { Tools } from './tools';

type Form = 'csv' | 'json' | 'report' | 'reference';

/** `computes`: by the inference process, which does not start in a workspace that is not trusted. */
const forms: { label: string; detail: string; form: Form; computes?: boolean }[] = [
  { label: 'Ranking as CSV', detail: 'One row a concept, with intervals and layers', form: 'csv' },
  { label: 'Result as JSON', detail: 'Everything that the study found', form: 'json' },
  {
    ...{ label: 'Methods section', form: 'report', computes: true },
    detail: 'Markdown: versions, hashes, seeds, settings, tables',
  },
  {
    ...{ label: 'HiGAN layout', form: 'reference', computes: true },
    detail: 'The arrays as the reference implementation keeps them',
  },
];

export async function exportResults(tools: Tools, argument: unknown): Promise<void> {
  const experiment = await tools.targets.of(argument);
  if (!experiment) return;
  const { result } = await tools.studies.get(experiment);
  const name = experimentName(experiment);
  if (!result) {
    void vscode.window.showInformationMessage(`'${name}' has no results yet: run it first.`);
    return;
  }
  const { isTrusted } = vscode.workspace;
  const choice = await vscode.window.showQuickPick(
    forms.filter(({ computes }) => isTrusted || !computes),
    {
      title: `Export '${name}'`,
      placeHolder: isTrusted
        ? undefined
        : 'This workspace is not trusted: only what needs no process is offered',
    },
  );
  if (!choice) return;
  try {
    if (choice.form === 'reference') await exportReference(tools, experiment);
    else await exportFile(tools, experiment, choice.form, result);
  } catch (error) {
    tellFault(error);
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
  const { studies, inference, log } = tools;
  const { request } = await studies.request(experiment);
  const { notes } = await cancellable(`Exporting '${experimentName(experiment)}'`, (signal, report) =>
    inference.work(
      ...(['exportArrays', { ...request, folder: folder.fsPath }] as const),
      (told) => report(workLine(told)),
      signal,
    ),
  );
  for (const note of notes) log.info(note);
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
        : await methods(tools, experiment);
  await vscode.workspace.fs.writeFile(file, Buffer.from(content, 'utf8'));
}

/** The methods section of the stored result, also of a file that has errors by now. */
async function methods({ studies, inference }: Tools, experiment: vscode.Uri): Promise<string> {
  const { request } = await studies.asItStands(experiment);
  const title = `Writing the methods section of '${experimentName(experiment)}'`;
  return (await cancellable(title, (signal) => inference.call('report', request, signal))).text;
}
