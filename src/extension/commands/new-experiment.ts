/** New Experiment: a file from a template, by a few choices. */
import * as vscode from 'vscode';
import { listModels } from '../../engine/manifest';
import { settingsFor } from '../settings';

/** What the choices give; tests and other extensions may pass it to the command. */
export interface NewExperiment {
  folder: vscode.Uri;
  name: string;
  generator: string;
  predictors: string[];
  samples: number;
}

export async function newExperiment(given?: NewExperiment): Promise<vscode.Uri | undefined> {
  const choice = isChoice(given) ? given : await ask();
  if (!choice) return undefined;
  const file = vscode.Uri.joinPath(choice.folder, `${choice.name}.higan.yaml`);
  if (await exists(file)) {
    void vscode.window.showErrorMessage(`${file.fsPath} exists already; choose another name.`);
    return undefined;
  }
  await vscode.workspace.fs.writeFile(file, Buffer.from(template(choice), 'utf8'));
  await vscode.window.showTextDocument(file);
  return file;
}

const isChoice = (given: unknown): given is NewExperiment =>
  typeof given === 'object' && given !== null && 'generator' in given && 'folder' in given;

async function ask(): Promise<NewExperiment | undefined> {
  const folder = await chooseFolder();
  if (!folder) return undefined;
  const { modelPaths } = settingsFor();
  const models = (await listModels({ folder: folder.fsPath, modelPaths })).filter(({ model }) => model);
  const title = (step: number, what: string): string => `New experiment (${step} of 4): ${what}`;

  const generators = models.filter(({ model }) => model?.manifest.generator);
  const generator = await vscode.window.showQuickPick(
    generators.map(({ name, origin, model }) => ({
      label: name,
      description: origin,
      detail: model?.manifest.title,
    })),
    { title: title(1, 'the generator'), placeHolder: 'What is studied' },
  );
  if (!generator) return undefined;

  const predictors = await vscode.window.showQuickPick(
    [
      ...models
        .filter(({ model }) => model?.manifest.predictors)
        .map(({ name, model }) => ({
          label: name,
          description: [
            ...new Set(model?.manifest.predictors?.flatMap((p) => p.heads.map((h) => h.level))),
          ].join(', '),
          picked: name === generator.label,
        })),
      { label: 'color', description: 'built in: hue, brightness, saturation', picked: true },
    ],
    { title: title(2, 'the predictors'), canPickMany: true, placeHolder: 'What scores its images' },
  );
  if (!predictors || predictors.length === 0) return undefined;

  const samples = await vscode.window.showQuickPick(
    [
      { label: '4,000 samples', description: 'a first look', samples: 4000 },
      { label: '20,000 samples', description: 'the default', samples: 20_000 },
      { label: '500,000 samples', description: 'as in the paper', samples: 500_000 },
    ],
    { title: title(3, 'how many samples to probe') },
  );
  if (!samples) return undefined;

  const name = await vscode.window.showInputBox({
    title: title(4, 'its name'),
    value: generator.label,
    validateInput: async (value) => {
      if (!/^[\w][\w .-]*$/.test(value)) return 'Letters, digits, spaces, dots and dashes make a file name.';
      const file = vscode.Uri.joinPath(folder, `${value}.higan.yaml`);
      return (await exists(file)) ? `${value}.higan.yaml exists already.` : undefined;
    },
  });
  if (!name) return undefined;
  return {
    ...{ folder, name, samples: samples.samples },
    generator: generator.label,
    predictors: predictors.map(({ label }) => label),
  };
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0].uri;
  if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Where to keep the experiment',
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return chosen?.[0];
}

const exists = (file: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );

function template({ generator, predictors, samples }: NewExperiment): string {
  const chosen = Math.max(1, Math.min(2000, Math.floor(samples / 20)));
  const moved = Math.max(1, Math.min(1000, Math.floor(samples / 8)));
  return `# Which concepts does '${generator}' vary, and at which layers? Press Run above the next line.
generator: ${generator}
predictors: [${predictors.join(', ')}]
seed: 1
probe: { samples: ${samples}, positives: ${chosen}, negatives: ${chosen} }
rescore: { samples: ${moved}, step: 2, layers: groups, top: 8 }

# Add previews here, from the ranking or by hand:
# previews:
#   evening:
#     samples: [0, 1, 2]
#     edits:
#       - { concept: attribute/indoor lighting, step: 2, layers: upper }
`;
}
