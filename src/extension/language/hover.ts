/** Hover cards: what a key means; for a concept what the study found about it. */
import * as vscode from 'vscode';
import { ConceptNames, jsonSchema, type ModelContext } from '../../engine/experiment';
import { expectation, schemaAt } from '../../engine/yaml/expectation';
import type { ConceptInfo } from '../../engine/manifest';
import { conceptFinding } from '../../protocol/finding';
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { ConceptResult, Effect, StudyResult } from '../../protocol/results';
import type { Experiments } from '../experiments';
import type { Studies } from '../studies';
import type { Thumbnails } from '../thumbnails';
import { showBeforeAfter } from './before-after';
import { conceptNamed, namesConcepts, nameKindAt } from './meaning';
import { schemaIsServed } from './other-extensions';
import { placeAt } from './place';

export class ExperimentHover implements vscode.HoverProvider {
  private readonly schema = jsonSchema();

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    private readonly thumbnails: Thumbnails,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const judged = await this.experiments.judge(document);
    const place = placeAt(judged.parsed.document, document.offsetAt(position));
    if (!place) return null;
    const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
    const kind = place.part === 'value' ? nameKindAt(place.path) : null;
    if (namesConcepts(place)) {
      if (!judged.context) return null;
      const names = new ConceptNames(judged.context.concepts);
      const found = conceptNamed(place, names);
      if (typeof found === 'string') {
        const study = await this.studies.get(document.uri);
        const { result } = study;
        const card = conceptCard(document.uri, found, judged.context, result && inRankedUnit(result));
        const image = await this.thumbnails.beforeAfter(document.uri, found, token);
        const measured = result?.concepts.find(({ concept }) => concept === found);
        if (image) card.appendMarkdown(`\n\n![before and after](${image})`);
        else if (
          measured?.boundary &&
          this.studies.isCurrent(study, judged) &&
          this.studies.cannotRun(judged) === null
        )
          card.appendMarkdown(`\n\n${beforeAfterLink(document.uri, found, range.start)}`);
        return new vscode.Hover(card, range);
      }
      if (kind !== 'concept glob') return null;
      const matched = names.match(place.written);
      return Array.isArray(matched)
        ? new vscode.Hover(
            new vscode.MarkdownString(
              `${matched.length} concepts: ${matched.map((name) => `\`${name}\``).join(', ')}`,
            ),
            range,
          )
        : null;
    }
    if (kind === 'generator' || kind === 'predictor')
      return this.modelCard(document, place.written).then((card) => card && new vscode.Hover(card, range));
    if (place.part !== 'key' || schemaIsServed()) return null;
    const schema = schemaAt(this.schema, place.path);
    if (!schema) return null;
    const text = new vscode.MarkdownString(`**${String(place.path.at(-1))}**: ${expectation(schema)}`);
    if (schema.description) text.appendMarkdown(`\n\n${schema.description}`);
    if (schema.default !== undefined && typeof schema.default !== 'object')
      text.appendMarkdown(`\n\nDefault: \`${JSON.stringify(schema.default)}\``);
    return new vscode.Hover(text, range);
  }

  private async modelCard(
    document: vscode.TextDocument,
    reference: string,
  ): Promise<vscode.MarkdownString | null> {
    const entry = (await this.experiments.models(document.uri)).find(({ name }) => name === reference);
    const manifest = entry?.model?.manifest;
    if (!entry || !manifest) return null;
    const { generator, predictors } = manifest;
    const heads = (predictors ?? []).flatMap((predictor) => predictor.heads);
    const lines = [
      `**${entry.name}** (${entry.origin})${manifest.title ? `: ${manifest.title}` : ''}`,
      generator &&
        `Generator: ${generator.resolution} × ${generator.resolution}, ${generator.layers.length} layers: ` +
          Object.entries(generator.groups)
            .map(([name, [first, end]]) => `${name} ${first}-${end - 1}`)
            .join(', '),
      heads.length > 0 &&
        `Predictors: ${heads.map((head) => `${head.level} (${head.labels.length})`).join(', ')}`,
      manifest.license && `License: ${manifest.license}`,
    ];
    return new vscode.MarkdownString(lines.filter(Boolean).join('\n\n'));
  }
}

const addPreview = 'higan.addAndShowPreview';

/** What is known of a concept: where its score comes from, and what the study found. */
export function conceptCard(
  experiment: vscode.Uri,
  concept: string,
  context: ModelContext,
  study: StudyResult | null,
): vscode.MarkdownString {
  const card = new vscode.MarkdownString(`**${concept}**`, true);
  // Only our own commands, with the experiment as their argument.
  card.isTrusted = {
    enabledCommands: ['higan.showHeatmap', 'higan.showRanking', addPreview, showBeforeAfter],
  };
  const info = context.concepts.find((one) => one.concept === concept);
  if (info) card.appendMarkdown(`\n\n${definition(info)}`);
  const result = study?.concepts.find((one) => one.concept === concept);
  if (!study || !result) {
    card.appendMarkdown('\n\nNot measured yet: run the experiment.');
    return card;
  }
  if (result.effect) card.appendMarkdown(`\n\n${effectLine(result, result.effect, study)}`);
  const { short, long } = conceptFinding(result);
  card.appendMarkdown(`\n\n**${long.slice(0, short.length)}**${long.slice(short.length)}`);
  const best = bestLayers(result, study);
  if (best.length > 0) card.appendMarkdown(`\n\nBest layers: ${best.join(', ')}`);
  if (result.weakPredictor) card.appendMarkdown(`\n\n$(warning) ${result.weakPredictor}`);
  const to = [experiment.toString(), { concept }];
  const links = [link('Heatmap', 'higan.showHeatmap', to), link('Ranking', 'higan.showRanking', to)];
  // What has no direction cannot be moved.
  if (result.noBoundary === null)
    links.push(link('Add a preview', addPreview, [experiment.toString(), concept]));
  card.appendMarkdown(`\n\n${links.join(' · ')}`);
  return card;
}

const link = (title: string, command: string, to: unknown[]): string =>
  `[${title}](command:${command}?${encodeURIComponent(JSON.stringify(to))})`;

/** For a card without its picture: the person may start the process for it, which a hover does not. */
const beforeAfterLink = (
  experiment: vscode.Uri,
  concept: string,
  { line, character }: vscode.Position,
): string =>
  link('Show before and after', showBeforeAfter, [experiment.toString(), concept, line, character]);

function definition({ model, head, label, error }: ConceptInfo): string {
  if (!model || !head) return `Computed colour score '${label}' (built in).`;
  const what = { none: 'raw score', sigmoid: 'probability', softmax: 'probability' }[head.activation];
  const known = [
    error?.r2 !== undefined && `R² ${error.r2.toFixed(2)}`,
    error?.accuracy !== undefined &&
      `accuracy ${percent(error.accuracy)}${error.base === undefined ? '' : ` (guessing: ${percent(error.base)})`}`,
    error?.mae !== undefined && `mean error ${error.mae.toFixed(3)}`,
  ].filter(Boolean);
  return `The ${what} of '${label}' by ${model.name}${known.length > 0 ? `; held out: ${known.join(', ')}` : ''}.`;
}

function effectLine(result: ConceptResult, effect: Effect, study: StudyResult): string {
  const { deltaInterval: interval, null: chance } = effect;
  const range = interval ? ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]` : '';
  const noise = chance === null ? '' : `, chance up to ${chance.toFixed(2)}`;
  const rank = result.rank === null ? '' : `#${result.rank} of its level · `;
  return `${rank}Δ ${effect.delta.toFixed(2)}${range}${noise} (step ${study.step}${study.unit === 'sigma' ? ' σ' : ''})`;
}

/** Names of the layer sets on which a concept moves, strongest first. */
export function bestLayers({ layers }: ConceptResult, study: StudyResult): string[] {
  return (layers ?? [])
    .map((effect, index) => ({ effect, name: study.layerSets[index]?.name ?? '' }))
    .filter(({ effect }) => effect.moves)
    .sort((a, b) => b.effect.delta - a.effect.delta)
    .slice(0, 3)
    .map(({ effect, name }) => `${name} (Δ ${effect.delta.toFixed(2)})`);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
