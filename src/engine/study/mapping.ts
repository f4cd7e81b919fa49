/** The mapping network z → w on a device. */
import { badInput } from '../failure';
import type { Model } from '../manifest';
import type { Session, Sessions } from '../session';
import { generatorOf, mappingInput } from './model-inputs';

/** Rows that one run takes. */
const rowsPerRun = 256;

export class Mapping {
  private constructor(
    private readonly model: Model,
    private readonly session: Session,
    /** One-hot, of a conditional generator. */
    private readonly classCode: Float32Array | null,
  ) {}

  /**
   * Null where the model has no mapping.
   * @param classIndex of a conditional generator; null: its first
   * @throws Failure where the file is not what the manifest says
   */
  static async open(model: Model, sessions: Sessions, classIndex: number | null): Promise<Mapping | null> {
    const input = await mappingInput(model);
    if (!input) return null;
    const { classes } = input.manifest;
    const classCode = classes === undefined ? null : new Float32Array(classes);
    if (classCode) classCode[classIndex ?? 0] = 1;
    return new Mapping(model, await sessions.open(input.mapping, input.name), classCode);
  }

  /** z [n, Dz] → w [n, Dw] */
  async run(z: Float32Array, n: number): Promise<Float32Array> {
    const { mapping, z: code, w } = generatorOf(this.model);
    if (!mapping || !w) throw new Error('A mapping network needs its manifest.');
    const all = new Float32Array(n * w.dim);
    for (let first = 0; first < n; first += rowsPerRun) {
      const rows = Math.min(rowsPerRun, n - first);
      const feeds: Parameters<Session['run']>[0] = {
        [mapping.input]: {
          data: z.slice(first * code.dim, (first + rows) * code.dim),
          dims: [rows, code.dim],
        },
      };
      if (mapping.classInput && this.classCode) {
        const { length } = this.classCode;
        const classes = new Float32Array(rows * length);
        for (let i = 0; i < rows; i++) classes.set(this.classCode, i * length);
        feeds[mapping.classInput] = { data: classes, dims: [rows, length] };
      }
      const { data } = (await this.session.run(feeds))[mapping.output];
      // A file may leave its width open: then only a run tells.
      if (data.length !== rows * w.dim)
        throw badInput(
          `${this.session.name}: '${mapping.output}' has ${data.length / rows} numbers a code, where generator.w.dim ` +
            `in its manifest says ${w.dim}; correct the manifest, or export the file again.`,
        );
      all.set(data, first * w.dim);
    }
    return all;
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
