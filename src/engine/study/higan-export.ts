/**
 * A study in the reference's own layout: codes, tables of scores, boundaries with their list, and what re-scoring
 * gave. Large arrays are written by parts, so that memory stays flat in the number of codes.
 */
import path from 'node:path';
import { levels, splitConcept, type Level } from '../../protocol/concept';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { failed, interrupted } from '../failure';
import { exportedName, HiganFolder, type NpyWriter } from '../formats';
import type { Model } from '../manifest';
import { keyHash } from '../canonical';
import { openStoreForReading, type StoreReader } from '../store/read';
import type { StudyRequest, WorkEvents } from './api';
import type { Apparatus } from './apparatus';
import { exportLabels, writeBoundaries, type BoundaryForm } from './boundary-files';
import { conceptReaders } from './concepts';
import { scoreKey } from './identity';
import { Laboratory } from './laboratory';
import { readMoves, type MovesDocument } from './moves-document';
import { workPart } from './progress';
import { apparatusSettings, modelsOf, prepareStudy, readStudy } from './run';
import { chunkCount, rowsOfChunk } from './score-book';
import { storedScores } from './stored-parts';

export interface HiganExportRequest extends StudyRequest {
  /** Written into; made where it is missing, files of the same name are replaced. */
  folder: string;
  /** Which codes to write; default all. wp takes N × L × D × 4 bytes. */
  codes?: readonly ('z' | 'w' | 'wp')[];
  /** Form of the boundary files; default `array`. */
  form?: BoundaryForm;
}

export interface HiganExport {
  folder: string;
  /** `shape` is empty for text. */
  files: { path: string; shape: number[]; what: string }[];
  /** What the layout could not take, or holds beside what the reference writes, in sentences. */
  notes: string[];
}

/** Codes drawn at a time. */
const codeRows = 1024;

/**
 * @param laboratory as in `runStudy`
 * @throws Failure where the file's study was not run, or is older than the file
 */
export async function exportHigan(
  request: HiganExportRequest,
  events: WorkEvents = {},
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<HiganExport> {
  const prepared = await prepareStudy(request);
  const stored = await readStudy(request);
  if (!stored?.sameMeaning) {
    throw failed(
      stored
        ? `${request.file} has changed since its study was run: run it again before it is exported.`
        : `${request.file} has not been run yet: run the study first.`,
    );
  }
  const store = await openStoreForReading(prepared.store);
  const moves = await readMoves(store, prepared.hash);
  if (!moves)
    throw failed(`The store ${prepared.store} lacks the scores of ${request.file}: run the study again.`);
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  try {
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment));
    const exporter = new Exporter(request, stored.result, store, moves, apparatus, events);
    return await exporter.run();
  } finally {
    if (!laboratory) await lab.close();
  }
}

class Exporter {
  private readonly files: HiganExport['files'] = [];
  private readonly notes: string[] = [];

  constructor(
    private readonly request: HiganExportRequest,
    private readonly result: StudyResult,
    private readonly store: StoreReader,
    private readonly moves: MovesDocument,
    private readonly apparatus: Apparatus,
    private readonly events: WorkEvents,
  ) {}

  async run(): Promise<HiganExport> {
    const folder = await HiganFolder.create(this.request.folder);
    await this.codes(folder);
    await this.tables(folder);
    await this.boundaries();
    await this.rescored(folder);
    return { folder: this.request.folder, files: this.files, notes: this.notes };
  }

  /** z.npy, w.npy, wp.npy of the probe. */
  private async codes(folder: HiganFolder): Promise<void> {
    const { space } = this.apparatus;
    const { probed } = this.result;
    const shapes = space.formDims();
    const wanted = (this.request.codes ?? ['z', 'w', 'wp']).filter((form) => form === 'z' || shapes.w);
    if (!shapes.w) this.notes.push('The generator has no space w: z.npy holds its only codes.');
    const writers = new Map<'z' | 'w' | 'wp', NpyWriter>();
    const progress = workPart(this.events, 'writing codes', probed, 'codes');
    try {
      for (const form of wanted) writers.set(form, await folder.codes(form, shapes[form] as number[]));
      for (let first = 0; first < probed; first += codeRows) {
        this.checkSignal();
        const rows = Math.min(codeRows, probed - first);
        const forms = await space.forms('probe', first, rows);
        for (const [form, writer] of writers) await writer.append(forms[form]);
        progress.add(rows, rows);
      }
      for (const [form, writer] of writers) {
        await writer.close();
        const truncated = form === 'wp' ? ', truncated' : '';
        this.note(`${form}.npy`, [probed, ...(shapes[form] as number[])], `codes of the probe${truncated}`);
      }
    } catch (error) {
      for (const writer of writers.values()) await writer.abandon();
      throw error;
    }
  }

  /** attribute.npy, category.npy and the other levels', of the probe. */
  private async tables(folder: HiganFolder): Promise<void> {
    const { columns } = this.moves;
    const { probed } = this.result;
    const hash = this.moves.probe ?? keyHash(scoreKey(this.apparatus.identity, 'probe', null));
    const byLevel = levels.flatMap((level) => {
      const own = columns.flatMap((concept, i) => (splitConcept(concept).level === level ? [i] : []));
      return own.length > 0 ? [{ level, own }] : [];
    });
    const writers: { own: number[]; writer: Awaited<ReturnType<HiganFolder['scores']>> }[] = [];
    const progress = workPart(this.events, 'writing scores', probed, 'codes');
    try {
      for (const { level, own } of byLevel) {
        const labels = own.map((i) => splitConcept(columns[i]).label);
        writers.push({ own, writer: await folder.scores(level, labels, probed) });
      }
      for (let chunk = 0; chunk < chunkCount(probed); chunk++) {
        this.checkSignal();
        const { scores, rows } = await this.chunk(hash, chunk, probed);
        for (const { own, writer } of writers) {
          const part = new Float32Array(rows * own.length);
          for (let i = 0, at = 0; i < rows; i++) {
            for (const column of own) part[at++] = scores[i * columns.length + column];
          }
          await writer.append(part);
        }
        progress.add(rows, rows);
      }
      for (const { writer } of writers) await writer.close();
    } catch (error) {
      for (const { writer } of writers) await writer.abandon();
      throw error;
    }
    for (const { level, own } of byLevel) {
      this.note(`${level}.npy`, [probed, own.length], `scores of the probe, ${level}`);
    }
    this.sayTables(byLevel.map(({ level }) => level));
  }

  private sayTables(written: readonly Level[]): void {
    const own = written.filter((level) => level === 'layout' || level === 'color');
    if (own.length > 0) {
      this.notes.push(
        `The reference has no ${own.map((level) => `${level}.npy`).join(' and ')}; the form is that of attribute.npy.`,
      );
    }
    if (this.result.concepts.some(({ missing }) => missing > 0)) this.notes.push('Missing scores are NaN.');
  }

  /** {name}_{space}_boundary.npy and boundaries.txt. */
  private async boundaries(): Promise<void> {
    const { file, folder, store, form } = this.request;
    const { space, concepts } = this.result;
    if (!concepts.some(({ boundary }) => boundary !== null)) {
      this.notes.push('No concept has a direction yet: no boundaries were written.');
      return;
    }
    const written = await writeBoundaries(this.result, this.store, { file, folder, store, form });
    for (const { concept, path: at } of written.files) {
      this.note(path.basename(at), [1, this.apparatus.space.width], `direction of ${concept}`);
    }
    if (written.list) this.note(path.basename(written.list), [], 'list of the boundaries');
    else {
      this.notes.push(
        `The reference's list knows the spaces z, w and wp only, so boundaries of space ${space} are not listed.`,
      );
    }
    const without = concepts.filter(({ boundary }) => boundary === null).map(({ concept }) => concept);
    if (without.length > 0)
      this.notes.push(`Without a direction, so without a boundary: ${without.join(', ')}.`);
  }

  /** {name}_{space}_scores.npy: before, all layers, then each analysed layer set. */
  private async rescored(folder: HiganFolder): Promise<void> {
    const { result, moves } = this;
    const labels = exportLabels(result.concepts);
    const all = this.seriesOn('all');
    // One that was stopped while it re-scored names moves whose scores are not all there.
    if (all.size === 0 || !result.stages.includes('rescore')) {
      this.notes.push(
        'The study is not finished: it has not been re-scored to its end, so no {name}_{space}_scores.npy were written. ' +
          'Run it again; it goes on from where it stopped.',
      );
      return;
    }
    const sets = result.layerSets.map(({ name }) => this.seriesOn(name));
    const short: string[] = [];
    const progress = workPart(this.events, 'writing re-scored columns', all.size, 'concepts');
    for (const concept of result.concepts) {
      const first = all.get(concept.concept);
      if (!first) continue;
      this.checkSignal();
      const layers = sets.flatMap((set) => set.get(concept.concept) ?? []);
      // A set that is missing would shift the columns of those behind it.
      const whole = layers.length === sets.length ? layers : [];
      if (whole.length === 0 && sets.length > 0) short.push(concept.concept);
      const series = [moves.originals, first, ...whole];
      const scores = await this.scoresOf(concept, series);
      const label = labels.get(concept.concept) as string;
      await folder.rescored(label, result.space, scores, series.length);
      progress.add(1, 1);
      this.note(
        `${exportedName(label)}_${result.space}_scores.npy`,
        [moves.samples, series.length],
        `${concept.concept} re-scored: before, all layers${whole.length > 0 ? `, ${result.layerSets.map(({ name }) => name).join(', ')}` : ''}`,
      );
    }
    this.sayColumns(short);
  }

  private sayColumns(short: readonly string[]): void {
    const { layerSets, step, unit } = this.result;
    const { L } = this.apparatus.space;
    const each = layerSets.length === L && layerSets.every(({ layers }, l) => layers.join() === String(l));
    if (layerSets.length === 0) {
      this.notes.push(
        'Scores have the columns before and all layers only: the experiment asks for no layer analysis.',
      );
    } else if (!each) {
      this.notes.push(
        `Columns of scores behind the second are the layer sets ${layerSets.map(({ name }) => name).join(', ')}, where the ` +
          `reference has one for each of the ${L} layers; \`rescore.layers: each\` makes those.`,
      );
    }
    if (short.length > 0) {
      this.notes.push(
        `Not analysed by layer, so with the columns before and all layers only: ${short.join(', ')} (\`rescore.top: all\` covers them).`,
      );
    }
    if (unit === 'sigma') {
      this.notes.push(`Codes were moved by ${step} σ; the reference moves by a plain λ (\`unit: raw\`).`);
    }
  }

  /** Series of the moves on one layer set, by concept. */
  private seriesOn(layers: string): Map<string, string> {
    return new Map(
      this.moves.moves.flatMap((move) =>
        move.layers === layers && move.concept !== null ? [[move.concept, move.series]] : [],
      ),
    );
  }

  /** One concept's score in several series, [K, series]. */
  private async scoresOf({ concept }: ConceptResult, series: readonly string[]): Promise<Float32Array> {
    const { columns, samples } = this.moves;
    const named = columns.map((name) => ({ concept: name, head: null }));
    const [reader] = conceptReaders([concept], named);
    const scores = new Float32Array(samples * series.length);
    for (const [s, hash] of series.entries()) {
      for (let chunk = 0, sample = 0; chunk < chunkCount(samples); chunk++) {
        const found = await this.chunk(hash, chunk, samples);
        for (let i = 0; i < found.rows; i++, sample++) {
          scores[sample * series.length + s] = reader.score(found.scores, i * columns.length);
        }
      }
    }
    return scores;
  }

  private async chunk(
    hash: string,
    chunk: number,
    samples: number,
  ): Promise<{ scores: Float32Array; rows: number }> {
    const rows = rowsOfChunk(chunk, samples);
    const scores = await storedScores(this.store, hash, chunk, rows, this.moves.columns.length);
    return { scores, rows };
  }

  private note(name: string, shape: number[], what: string): void {
    this.files.push({ path: path.join(this.request.folder, name), shape, what });
  }

  private checkSignal(): void {
    if (this.request.signal?.aborted) throw interrupted('Interrupted. Files that were finished are whole.');
  }
}
