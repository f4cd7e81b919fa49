/** New Experiment: a file from a template, by a few choices that can be taken back. */
import * as vscode from 'vscode';
import { conceptsOf, listModels, type Model, type ModelEntry } from '../../engine/manifest';
import { modelPlace } from '../settings';
import { askInTurn, choose, write, type Answer, type Place } from './questions';
import { templates, templateText, type TemplateName } from './templates';

/** What the choices give; tests and other extensions may pass it to the command. */
export interface NewExperiment {
  folder: vscode.Uri;
  name: string;
  /** Default: a first look. */
  template?: TemplateName;
  generator: string;
  predictors: string[];
  samples: number;
}

export async function newExperiment(given?: NewExperiment): Promise<vscode.Uri | undefined> {
  const choice = isChoice(given) ? given : await new Choices().ask();
  if (!choice) return undefined;
  const file = fileOf(choice.folder, choice.name);
  if (await exists(file)) {
    void vscode.window.showErrorMessage(`${file.fsPath} exists already; choose another name.`);
    return undefined;
  }
  const { template = 'first look', generator, predictors, samples } = choice;
  const concept = await conceptFor(choice);
  const text = templateText({ template, generator, predictors, samples, concept });
  await vscode.workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
  await vscode.window.showTextDocument(file);
  return file;
}

const isChoice = (given: unknown): given is NewExperiment =>
  typeof given === 'object' && given !== null && 'generator' in given && 'folder' in given;

const fileOf = (folder: vscode.Uri, name: string): vscode.Uri =>
  vscode.Uri.joinPath(folder, `${name}.higan.yaml`);

const exists = (file: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );

const modelsOf = (folder: vscode.Uri): Promise<ModelEntry[]> => listModels(modelPlace(folder));

/** A concept that these predictors score: an attribute where there is one, for it is what a preview shows best. */
async function conceptFor({ folder, predictors }: NewExperiment): Promise<string | null> {
  const models = (await modelsOf(folder)).filter(({ name, model }) => model && predictors.includes(name));
  const concepts = conceptsOf(
    models.map(({ model }) => model as Model),
    { color: predictors.includes('color') },
  ).map(({ concept }) => concept);
  return concepts.find((concept) => concept.startsWith('attribute/')) ?? concepts.at(-1) ?? null;
}

type SamplesItem = vscode.QuickPickItem & { samples: number };

const sampleChoices: SamplesItem[] = [
  { label: '4,000 samples', description: 'a first look', samples: 4000 },
  { label: '20,000 samples', description: 'the default', samples: 20_000 },
  { label: '500,000 samples', description: 'as in the paper', samples: 500_000 },
];

/** The questions; what was answered stays while the person goes back and forth. */
class Choices {
  private folder: vscode.Uri | undefined;
  private template: TemplateName = 'first look';
  private generator: string | undefined;
  private predictors: string[] | undefined;
  private samples: number | undefined;
  private name: string | undefined;

  async ask(): Promise<NewExperiment | undefined> {
    const roots = vscode.workspace.workspaceFolders ?? [];
    this.folder = roots.length > 0 ? roots[0].uri : await chooseFolder();
    if (!this.folder) return undefined;
    const asked = await askInTurn([
      ...(roots.length > 1 ? [(place: Place) => this.askFolder(place, roots)] : []),
      (place) => this.askTemplate(place),
      (place) => this.askGenerator(place),
      (place) => this.askPredictors(place),
      (place) => this.askSamples(place),
      (place) => this.askName(place),
    ]);
    const { folder, template, generator, predictors, samples, name } = this;
    if (!asked || !generator || !predictors || !samples || !name) return undefined;
    return { folder, template, generator, predictors, samples, name };
  }

  /** Asks for one of several, and takes the answer. @param chosen what is marked at first, by label */
  private async askOne<Item extends vscode.QuickPickItem>(
    place: Place,
    asked: { title: string; placeholder: string; items: Item[]; chosen: string | undefined },
    take: (item: Item) => void,
  ): Promise<Answer<Item>> {
    const chosen = asked.chosen === undefined ? [] : [asked.chosen];
    const answer = await choose(place, { ...asked, title: title(asked.title), many: false, chosen });
    if (typeof answer === 'object') take(answer.given);
    return answer;
  }

  private askFolder(place: Place, roots: readonly vscode.WorkspaceFolder[]): Promise<Answer<unknown>> {
    return this.askOne(
      place,
      {
        title: 'its folder',
        placeholder: 'Where to keep the experiment, and its models',
        items: roots.map(({ name, uri }) => ({ label: name, description: uri.fsPath, folder: uri })),
        chosen: roots.find(({ uri }) => uri === this.folder)?.name,
      },
      ({ folder }) => (this.folder = folder),
    );
  }

  private askTemplate(place: Place): Promise<Answer<unknown>> {
    const items = (Object.keys(templates) as TemplateName[]).map((name) => {
      const { label, detail } = templates[name];
      return { label, detail, name };
    });
    return this.askOne(
      place,
      {
        title: 'what it is for',
        placeholder: 'A template; everything in it can be changed later',
        items,
        chosen: templates[this.template].label,
      },
      ({ name }) => {
        if (this.template !== name) this.samples = undefined;
        this.template = name;
      },
    );
  }

  private async askGenerator(place: Place): Promise<Answer<unknown>> {
    const generators = (await this.models()).filter(({ model }) => model?.manifest.generator);
    return this.askOne(
      place,
      {
        title: 'the generator',
        placeholder: 'What is studied',
        items: generators.map(({ name, origin, model }) => ({
          label: name,
          description: origin,
          detail: model?.manifest.title,
        })),
        chosen: this.generator,
      },
      ({ label }) => {
        if (this.generator !== label) this.predictors = undefined;
        this.generator = label;
      },
    );
  }

  private async askPredictors(place: Place): Promise<Answer<unknown>> {
    const predictors = (await this.models()).filter(({ model }) => model?.manifest.predictors);
    const answer = await choose(place, {
      title: title('the predictors'),
      placeholder: 'What scores its images',
      items: [
        ...predictors.map(({ name, model }) => ({ label: name, description: levelsOf(model) })),
        { label: 'color', description: 'built in: hue, brightness, saturation' },
      ],
      many: true,
      chosen: this.predictors ?? [this.generator ?? '', 'color'],
    });
    if (typeof answer === 'object') this.predictors = answer.given.map(({ label }) => label);
    return answer;
  }

  private askSamples(place: Place): Promise<Answer<unknown>> {
    const proposed = this.samples ?? templates[this.template].samples;
    return this.askOne(
      place,
      {
        title: 'how many samples to probe',
        placeholder: 'More give narrower intervals, and rarer concepts a direction',
        items: sampleChoices,
        chosen: sampleChoices.find(({ samples }) => samples === proposed)?.label,
      },
      ({ samples }) => (this.samples = samples),
    );
  }

  private async askName(place: Place): Promise<Answer<string>> {
    const answer = await write(place, {
      title: title('its name'),
      value: this.name ?? this.generator ?? '',
      wrong: async (text) => {
        if (!/^[\w][\w .-]*$/.test(text)) return 'Letters, digits, spaces, dots and dashes make a file name.';
        const taken = this.folder && (await exists(fileOf(this.folder, text)));
        return taken ? `${text}.higan.yaml exists already.` : undefined;
      },
    });
    if (typeof answer === 'object') this.name = answer.given;
    return answer;
  }

  private async models(): Promise<ModelEntry[]> {
    return this.folder ? modelsOf(this.folder) : [];
  }
}

const title = (what: string): string => `New experiment: ${what}`;

const levelsOf = (model: Model | null | undefined): string =>
  [...new Set(model?.manifest.predictors?.flatMap(({ heads }) => heads.map(({ level }) => level)))].join(
    ', ',
  );

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Where to keep the experiment',
    canSelectFolders: true,
    canSelectFiles: false,
  });
  return chosen?.[0];
}
