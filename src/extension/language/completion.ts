/** Completion of keys, choices, models, concepts, groups and layers. */
import * as vscode from 'vscode';
import { jsonSchema } from '../../engine/experiment';
import type { ModelContext } from '../../engine/experiment';
import { expectation, keysAt, schemaAt, type JsonSchema } from '../../engine/yaml/expectation';
import type { Experiments, JudgedDocument } from '../experiments';
import { isConceptKey, nameKindAt, type NameKind } from './meaning';
import { schemaIsServed } from './other-extensions';
import { placeBeingWritten, type Place } from './place';

export class ExperimentCompletion implements vscode.CompletionItemProvider {
  static readonly triggers = ['/', '[', ',', ' ', ':', '"', "'"];
  private readonly schema = jsonSchema();
  /** What the models brought when the text could last be read: half a line must not take the names away. */
  private readonly lastContext = new Map<string, ModelContext>();

  constructor(private readonly experiments: Experiments) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const text = document.getText();
    const place = await placeBeingWritten(text, document.offsetAt(position));
    if (!place) return [];
    const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
    // Accepting replaces the whole word; filtering looks at what stands before the cursor.
    const replace = { inserting: range.with({ end: position }), replacing: range };
    const here = schemaAt(this.schema, place.path.slice(0, -1));
    const items = isKeyOf(place, here)
      ? await this.keys(document, place, here)
      : await this.values(document, place);
    for (const item of items) item.range ??= replace;
    return items;
  }

  private async keys(
    document: vscode.TextDocument,
    place: Place,
    map: JsonSchema | null,
  ): Promise<vscode.CompletionItem[]> {
    if (isConceptKey(place.path)) {
      const context = await this.context(document);
      return (context?.concepts ?? [])
        .filter(({ concept }) => !place.siblings.includes(concept))
        .map(({ concept, level }, index) => {
          const item = nameItem(concept, level, index, vscode.CompletionItemKind.EnumMember);
          item.insertText = new vscode.SnippetString(
            `${concept}: { verdict: \${1|accepted,rejected,unsure|} }`,
          );
          return item;
        });
    }
    if (schemaIsServed()) return [];
    const parent = place.path.slice(0, -1);
    return keysAt(this.schema, parent)
      .filter((key) => !place.siblings.includes(key))
      .map((key, index) => {
        const item = new vscode.CompletionItem(key, vscode.CompletionItemKind.Property);
        const schema = map?.properties?.[key] ?? schemaAt(this.schema, [...parent, key]);
        item.sortText = String(index).padStart(4, '0');
        item.insertText = new vscode.SnippetString(`${key}: $0`);
        if (schema) {
          item.detail = expectation(schema);
          item.documentation = schema.description;
        }
        return item;
      });
  }

  private async values(document: vscode.TextDocument, place: Place): Promise<vscode.CompletionItem[]> {
    // `concepts:\n  - att`: the parser sees a key where an item is being written.
    const path = place.part === 'key' ? place.path.slice(0, -1) : place.path;
    const kind = nameKindAt(path);
    const names = kind ? await this.names(document, kind) : [];
    if (schemaIsServed()) return names;
    const schema = schemaAt(this.schema, path);
    const choices = schema ? choicesOf(schema) : [];
    return [
      ...names,
      ...choices.map((choice, index) => {
        const item = new vscode.CompletionItem(String(choice), vscode.CompletionItemKind.Value);
        item.sortText = `2${String(index).padStart(3, '0')}`;
        return item;
      }),
    ];
  }

  private async names(document: vscode.TextDocument, kind: NameKind): Promise<vscode.CompletionItem[]> {
    if (kind === 'generator' || kind === 'predictor') return this.models(document, kind);
    const context = await this.context(document);
    if (!context) return [];
    const concepts = context.concepts;
    switch (kind) {
      case 'layers':
        return layerItems(context);
      case 'category':
        return concepts
          .filter(({ level }) => level === 'category')
          .map(({ concept }, i) => nameItem(concept, 'category', i, vscode.CompletionItemKind.EnumMember));
      case 'concept glob': {
        const levels = [...new Set(concepts.map(({ level }) => level))];
        const globs = levels.map((level, i) => {
          const count = concepts.filter((info) => info.level === level).length;
          return nameItem(`${level}/*`, `all ${count} of the level`, i, vscode.CompletionItemKind.Enum);
        });
        return [...globs, ...conceptItems(concepts, globs.length)];
      }
      case 'concept':
        return conceptItems(concepts, 0);
    }
  }

  private async models(
    document: vscode.TextDocument,
    kind: 'generator' | 'predictor',
  ): Promise<vscode.CompletionItem[]> {
    const entries = await this.experiments.models(document.uri);
    const items = entries.flatMap(({ name, model, origin }, index) => {
      const fits = kind === 'generator' ? model?.manifest.generator : model?.manifest.predictors;
      if (!model || !fits) return [];
      const item = nameItem(name, origin, index, vscode.CompletionItemKind.Module);
      item.documentation = model.manifest.title;
      return [item];
    });
    if (kind === 'predictor')
      items.push(nameItem('color', 'built in', items.length, vscode.CompletionItemKind.Module));
    return items;
  }

  private async context(document: vscode.TextDocument): Promise<ModelContext | null> {
    const key = document.uri.toString();
    const judged: JudgedDocument = await this.experiments.judge(document);
    if (judged.context) this.lastContext.set(key, judged.context);
    return judged.context ?? this.lastContext.get(key) ?? null;
  }
}

/** Keys are offered where a map is expected, or nothing is known against it. */
const isKeyOf = (place: Place, map: JsonSchema | null): boolean =>
  place.part === 'key' && map !== null && (map.properties !== undefined || isConceptKey(place.path));

const conceptItems = (concepts: readonly { concept: string; level: string }[], first: number) =>
  concepts.map(({ concept, level }, index) =>
    nameItem(concept, level, first + index, vscode.CompletionItemKind.EnumMember),
  );

function layerItems(context: ModelContext): vscode.CompletionItem[] {
  const generator = context.generator?.manifest.generator;
  if (!generator) return [];
  const groups = Object.entries(generator.groups).map(([name, [first, end]], index) =>
    nameItem(name, `layers ${first}-${end - 1}`, index + 1, vscode.CompletionItemKind.Enum),
  );
  const single = generator.layers.map(({ resolution }, layer) =>
    nameItem(
      String(layer),
      `${resolution} × ${resolution}`,
      groups.length + 1 + layer,
      vscode.CompletionItemKind.Value,
    ),
  );
  const all = nameItem('all', `layers 0-${generator.layers.length - 1}`, 0, vscode.CompletionItemKind.Enum);
  return [all, ...groups, ...single];
}

function nameItem(
  name: string,
  detail: string,
  index: number,
  kind: vscode.CompletionItemKind,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(name, kind);
  item.detail = detail;
  item.sortText = `1${String(index).padStart(5, '0')}`;
  return item;
}

const choicesOf = (schema: JsonSchema): unknown[] => [
  ...(schema.enum ?? []),
  ...(schema.const === undefined ? [] : [schema.const]),
  ...(schema.type === 'boolean' ? [true, false] : []),
  ...(schema.anyOf ?? []).flatMap(choicesOf),
];
