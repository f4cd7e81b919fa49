/** The reference's `attribute.npy` and `category.npy`: {score [N, C], name_to_idx, idx_to_name}. */
import { badInput } from '../failure';
import { littleEndianBytes } from './array';
import { exportedName } from './concept-names';
import { encodeHeader } from './npy-header';
import { PickleWriter } from './pickle-write';
import { PartFile } from './replace';

/** Writes a table of scores by parts: memory stays flat however many samples there are. */
export class ScoreTableWriter {
  private rows = 0;

  private constructor(
    private readonly part: PartFile,
    private readonly columns: number,
    private readonly samples: number,
  ) {}

  /**
   * @param labels of the C columns; written as exported names
   * @param samples N: has to be known, since the format says it first
   */
  static async create(file: string, labels: readonly string[], samples: number): Promise<ScoreTableWriter> {
    const names = labels.map(exportedName);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw badInput(`Two labels have the exported name '${twice}'. Rename one in its manifest.`);
    const pickle = new PickleWriter().objectStart().dictionaryStart();
    pickle.value('name_to_idx').value(new Map(names.map((name, i) => [name, i])));
    pickle.value('idx_to_name').value(new Map(names.map((name, i) => [i, name])));
    pickle.value('score').arrayStart('f4', [samples, names.length], samples * names.length * 4);
    const part = await PartFile.create(file);
    await part.write((handle) =>
      handle.appendFile(Buffer.concat([encodeHeader('object', []), pickle.take()])),
    );
    return new ScoreTableWriter(part, names.length, samples);
  }

  /** @param scores [n, C]; NaN where a score is missing */
  async append(scores: Float32Array): Promise<void> {
    if (scores.length % this.columns !== 0)
      throw new Error(`${scores.length} scores are not rows of ${this.columns}.`);
    this.rows += scores.length / this.columns;
    if (this.rows > this.samples) throw new Error(`${this.rows} rows do not fit a table of ${this.samples}.`);
    await this.part.write((handle) => handle.appendFile(littleEndianBytes(scores)));
  }

  /** Ends the file and gives it its name. */
  async close(): Promise<void> {
    if (this.rows !== this.samples) {
      await this.abandon();
      throw new Error(`A table of ${this.samples} samples was given ${this.rows}.`);
    }
    const ending = new PickleWriter().arrayEnd().dictionaryEnd().objectEnd().take();
    await this.part.end((handle) => handle.appendFile(ending));
  }

  /** Gives up; nothing is left behind. */
  async abandon(): Promise<void> {
    await this.part.abandon();
  }
}
