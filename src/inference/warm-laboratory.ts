/** Keeps one laboratory open between requests, so that a preview does not wait for models to load. */
import type { Device } from '../protocol/results';
import { failed } from '../engine/failure';
import type { Model } from '../engine/manifest';
import { Laboratory, type EngineOptions } from '../engine/study';

export class WarmLaboratory {
  private held: { key: string; laboratory: Promise<Laboratory>; device: Device | null } | null = null;
  private visible = false;
  opening = false;

  /** @param running how many requests for a study are under way, the asking one included */
  constructor(
    private readonly log: (line: string) => void,
    private readonly running: () => number,
  ) {}

  /** The device in use; null before the first request. */
  get device(): Device | null {
    return this.held?.device ?? null;
  }

  /**
   * The laboratory for these options: the one that is open, or a new one where the device changed, it died, or its
   * models have not passed their self-tests on it.
   */
  async open(options: EngineOptions, models: readonly Model[]): Promise<Laboratory> {
    const key = JSON.stringify([
      options.device ?? 'auto',
      options.threads ?? null,
      options.onnxruntime ?? null,
    ]);
    if (this.held?.key === key) {
      const laboratory = await this.held.laboratory;
      if (!laboratory.sessions.dead) {
        await laboratory.test(models);
        return laboratory;
      }
    } else if (this.held && this.running() > 1) {
      throw failed(
        `A study is running on ${this.held.device ?? 'another device'}: wait until it is done or cancel it, then change the device.`,
      );
    }
    await this.close();
    this.opening = true;
    const laboratory = Laboratory.open(options, models, this.log);
    const held = { key, laboratory, device: null as Device | null };
    this.held = held;
    try {
      const opened = await laboratory;
      held.device = opened.device;
      opened.attend(this.visible);
      return opened;
    } catch (error) {
      // The next request tries again.
      this.held = null;
      throw error;
    } finally {
      this.opening = false;
    }
  }

  /** Whether somebody looks at a preview. */
  attend(visible: boolean): void {
    this.visible = visible;
    void this.held?.laboratory.then((laboratory) => laboratory.attend(visible)).catch(() => undefined);
  }

  async close(): Promise<void> {
    const held = this.held;
    this.held = null;
    if (held) await held.laboratory.then((laboratory) => laboratory.close()).catch(() => undefined);
  }
}
