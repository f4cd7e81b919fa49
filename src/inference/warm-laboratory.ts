/** Keeps one laboratory open between requests, so that a preview does not wait for models to load. */
import type { Device } from '../protocol/results';
import { failed } from '../engine/failure';
import type { Model } from '../engine/manifest';
import { Laboratory, type EngineOptions } from '../engine/study';

export class WarmLaboratory {
  private held: { key: string; laboratory: Promise<Laboratory>; opened: Laboratory | null } | null = null;
  private visible = false;
  /** Requests are served in turn: two at once would open two laboratories. */
  private last: Promise<unknown> = Promise.resolve();
  opening = false;

  /** @param running how many studies and transitions are under way */
  constructor(
    private readonly log: (line: string) => void,
    private readonly running: () => number,
  ) {}

  /** The device in use; null before the first request. */
  get device(): Device | null {
    return this.held?.opened?.device ?? null;
  }

  /** Why devices that come before it are not used, a sentence each. */
  get rejected(): string[] {
    return this.held?.opened?.rejected ?? [];
  }

  /**
   * The laboratory for these options: the one that is open, or a new one where the device changed, it died, or its
   * models have not passed their self-tests on it.
   * @param asker `running`: it is one of those that are under way itself
   * @throws Failure where another device is wanted than the one that something runs on
   */
  open(
    options: EngineOptions,
    models: readonly Model[],
    asker: 'running' | 'other' = 'other',
  ): Promise<Laboratory> {
    const opened = this.last.then(() => this.openNow(options, models, asker));
    this.last = opened.catch(() => undefined);
    return opened;
  }

  private async openNow(
    options: EngineOptions,
    models: readonly Model[],
    asker: 'running' | 'other',
  ): Promise<Laboratory> {
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
    } else if (this.held && this.running() > (asker === 'running' ? 1 : 0)) {
      throw failed(
        `A study is running on ${this.device ?? 'another device'}: wait until it is done or cancel it, then change the device.`,
      );
    }
    await this.close();
    this.opening = true;
    const laboratory = Laboratory.open({ ...options, log: this.log }, models);
    const held = { key, laboratory, opened: null as Laboratory | null };
    this.held = held;
    try {
      const opened = await laboratory;
      held.opened = opened;
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

  /** A preview is about to be asked for. */
  expect(): void {
    void this.held?.laboratory.then((laboratory) => laboratory.expect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const held = this.held;
    this.held = null;
    if (held) await held.laboratory.then((laboratory) => laboratory.close()).catch(() => undefined);
  }
}
