/** What a test run inside the extension host writes for the process that started it. */
export interface HostResult {
  /** Tests found before the first one ran. */
  planned: number;
  tests: {
    title: string;
    state: 'passed' | 'failed' | 'skipped';
    seconds: number;
    /** The error's stack, or why it was skipped. */
    message?: string;
  }[];
}
