/** What command line and inference process ask of the engine, and what they are told while it works. */
import type { Device, Plan, Progress, StudyResult, WorkProgress } from '../../protocol/results';
import type { Space, Stage } from '../../protocol/experiment';

/** Where models are found and what they run on. */
export interface EngineOptions {
  device?: Device | 'auto';
  /** Threads of one ONNX Runtime session; default: its own choice. */
  threads?: number;
  /** Folder of another onnxruntime-node (one with CUDA). */
  onnxruntime?: string;
  /** The user's own `higan.modelPaths`. */
  modelPaths?: string[];
  /** Told why `auto` passed over a device, a sentence each. */
  log?: (line: string) => void;
}

export interface StudyRequest extends EngineOptions {
  /** Path of the experiment file. */
  file: string;
  /** Its text where that is not what lies on disk (an unsaved editor). */
  text?: string;
  /** Folder of the store; default `.higan` beside the experiment file. */
  store?: string;
  /** False: the text is an earlier one (a git revision), and its result does not become the file's latest. */
  latest?: boolean;
  /** The last stage to run; default all. */
  until?: Stage;
  signal?: AbortSignal;
}

export interface StudyEvents {
  progress?: (progress: Progress) => void;
  /** The result so far, at most a few times a second. */
  partial?: (result: StudyResult) => void;
  /** One line for a log. */
  log?: (line: string) => void;
}

/** What other long work than a study tells: transitions, exports, checks of models, cleaning. */
export interface WorkEvents {
  progress?: (progress: WorkProgress) => void;
}

export interface StudyOutcome {
  result: StudyResult;
  /** The result's file in the store. */
  path: string;
  /** True when nothing had to be computed. */
  cached: boolean;
}

/** A stored study of a file, and whether the file still means what was computed. */
export interface StoredStudy {
  result: StudyResult;
  path: string;
  /** The text is the one that was run; or at least its meaning is (comments, previews and review may differ). */
  sameText: boolean;
  sameMeaning: boolean;
  /**
   * Why what the file means cannot be told here (a model is not found, the text has errors), a line each; null where it
   * can. Then `sameMeaning` is false without the meaning having changed.
   */
  unjudged: string | null;
}

export interface SampleRequest extends EngineOptions {
  model: string;
  /** For relative model paths and the model root; default the working folder. */
  from?: string;
  seed?: number;
  indices?: number[];
  /** Codes of one's own, [N, D] or [N, L, D]; `wp` is taken as it is, without truncation. */
  codes?: { data: Float32Array; dims: number[]; space: 'z' | 'w' | 'wp' };
  psi?: number;
  class?: number;
  signal?: AbortSignal;
}

/** One image as the generator returns it: [3, R, R] in [−1, 1], unclipped. */
export interface SampledImage {
  index: number;
  resolution: number;
  image: Float32Array;
}

export interface ScoreRequest extends EngineOptions {
  predictors: string[];
  from?: string;
  /** [N, H, W, 3] bytes. */
  images: { data: Uint8Array; dims: number[] };
  signal?: AbortSignal;
}

export interface ImageScores {
  /** Concepts, and the colours where they were asked for. Segmentation heads score nothing here. */
  columns: { level: string; label: string }[];
  /** [N, columns], NaN where a score is missing. */
  scores: Float32Array;
}

export interface PreviewRequest extends StudyRequest {
  preview: string;
  /** Multiples of each edit's step to show; default [0, 0.5, 1]. */
  steps?: number[];
}

/** One cell of a preview: sample × step × jitter variant. */
export interface PreviewCell {
  sample: number;
  /** 0: unedited. */
  step: number;
  /** 0: without jitter. */
  variant: number;
  resolution: number;
  /** [R, R, 3] bytes. */
  image: Uint8Array;
  /** Score of every concept, in the order of `PreviewHeader.concepts`; null where missing. */
  scores: (number | null)[];
}

/** The segmentation of one cell of a preview. */
export interface SegmentedCell extends Pick<PreviewCell, 'sample' | 'step' | 'variant'> {
  height: number;
  width: number;
  /** [height, width], numbers of the segmentation's labels; its size may differ from the image's. */
  labels: Uint8Array;
}

export type { Plan, Space };
