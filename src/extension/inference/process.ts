/** One life of the inference process: forked, spoken to over the channel, its output in the log. */
import { fork, type ChildProcess } from 'node:child_process';
import { Channel, type Port } from '../../protocol/channel';
import { inferenceSide, ownerSide, type InferenceSide, type OwnerSide } from '../../protocol/inference';
import { Turns } from '../turns';

export interface ProcessOptions {
  /** The built entry, `dist/inference.mjs`. */
  entry: string;
  /** A Node to run it on; undefined: what runs the extension host. */
  nodePath?: string;
  log: (line: string) => void;
}

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** We ended it ourselves. */
  asked: boolean;
  /** The last lines that it wrote to its error stream. */
  lastWords: string;
}

/** The process went away while somebody waited for an answer. */
export class ProcessEnded extends Error {
  constructor(readonly ending: Ending) {
    super(describeEnding(ending));
    this.name = 'ProcessEnded';
  }

  /** False: there never was a process. */
  get started(): boolean {
    return this.ending.code !== null || this.ending.signal !== null;
  }
}

/** `ended by SIGKILL (out of memory?)`, `ended with exit code 3`. */
export function describeEnding({ code, signal, lastWords }: Ending): string {
  if (code === null && signal === null)
    return `The inference process could not be started: ${lastWords}. Check the setting higan.nodePath.`;
  if (signal === 'SIGKILL')
    return 'The inference process was killed by the system; often it had run out of memory.';
  if (signal) return `The inference process was ended by ${signal}.`;
  return `The inference process ended with exit code ${code ?? 'unknown'}.`;
}

export class InferenceProcess {
  readonly channel: Channel<OwnerSide, InferenceSide>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private asked = false;

  constructor(options: ProcessOptions) {
    const env: NodeJS.ProcessEnv = { ...process.env };
    // Flags of the editor's own debugging are not meant for it.
    delete env.NODE_OPTIONS;
    this.child = fork(options.entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--enable-source-maps'],
      ...(options.nodePath ? { execPath: options.nodePath } : {}),
      env,
    });
    let lastWords = '';
    const lines = (stream: NodeJS.ReadableStream | null, remember: boolean): void => {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (remember) lastWords = (lastWords + text).slice(-2000);
        for (const line of text.split('\n')) if (line.trim()) options.log(line);
      });
    };
    lines(this.child.stdout, false);
    lines(this.child.stderr, true);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        // Without a pid there will be no exit.
        if (this.child.pid === undefined)
          resolve({ code: null, signal: null, asked: false, lastWords: error.message });
      });
      this.child.once('exit', (code, signal) => resolve({ code, signal, asked: this.asked, lastWords }));
    });
    const turns = new Turns();
    this.channel = new Channel(portOf(this.child, turns), ownerSide, inferenceSide, {}, options.log);
    // After what it said before.
    void this.ended.then((ending) => turns.take(() => this.channel.close(new ProcessEnded(ending))));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to end, then makes it. */
  async end(grace = 2000): Promise<void> {
    this.asked = true;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), grace);
    this.channel.call('shutdown', {}).catch(() => undefined);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.asked = true;
    this.child.kill('SIGKILL');
  }
}

/** @param turns each message is read in a turn of its own: many that come together would hold up everything else */
function portOf(child: ChildProcess, turns: Turns): Port {
  return {
    post(message) {
      // A process that is going away refuses messages; its exit is what callers are told.
      if (child.connected) child.send(message as object, () => undefined);
    },
    listen(handler) {
      let listening = true;
      const hear = (message: unknown): void => turns.take(() => listening && handler(message));
      child.on('message', hear);
      return () => {
        listening = false;
        child.off('message', hear);
      };
    },
  };
}
