/**
 * What a chunk of scores depends on, and nothing else: its key in the store. N and the batch size are not in it, so that
 * changing them never computes anything again. Neither is the concept list, but the graph is, and that holds the heads
 * which the concepts read and no others: concepts of a head that is read anyway come and go for nothing, while the first
 * or the last of a head, or of the colours, makes another graph, on which everything is scored anew.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Device } from '../../protocol/results';
import type { Space } from '../../protocol/experiment';
import type { Purpose } from '../latent';
import { sha256, type Json } from '../canonical';
import type { Move } from './code-space';

export { methodVersion } from '../store/read';

/** What every score of an apparatus depends on. */
export type ApparatusIdentity = {
  method: number;
  /** SHA-256 of the model files that are read, by role. */
  models: Record<string, string>;
  /** What is done to z before the networks, and which output of the mapping is w: the manifest's, outside the files. */
  normalize: 'none' | 'pixel';
  mappingOutput: string | null;
  /** SHA-256 of the composed scoring graph: of the heads that are read, among others. */
  graph: string;
  /** Hash of which confidences, below what, make which scores missing; null where none does. */
  confidences: string | null;
  /** Hash of the concepts of the graph's columns, in order. The scores themselves do not depend on names. */
  columns: string;
  space: Space;
  /** In y: how wide each layer's part of the styles is. The graph knows their order only, not which layer each belongs to. */
  styleWidths?: number[];
  seed: number;
  /** 1, with a cut-off of 0, where no code is truncated. */
  psi: number;
  cutoff: number;
  class: number | null;
  provider: Device;
  /** On the CPU provider: the instruction set, on which the last bits depend. */
  instructions: string | null;
};

/** Identity of a move by its numbers: direction, lengths and layers to the bit. */
export function moveHash(move: Move): string {
  const bytes = (array: Float32Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return sha256(
    bytes(move.direction),
    bytes(Float32Array.from(move.layers, (l) => move.lengths[l])),
    JSON.stringify(move.layers),
  );
}

/** Key of the series of score chunks of one purpose under one move. */
export function scoreKey(
  { columns: _, ...scored }: ApparatusIdentity,
  purpose: Purpose,
  move: Move | null,
): Json {
  return {
    ...{ kind: 'scores', ...scored, purpose, move: move ? moveHash(move) : null },
    ...(move ? normalisedAgain(scored) : {}),
  };
}

/** Key of the series of label maps of samples that clearly show a concept, after moves that are applied together. */
export function labelKey(
  identity: ApparatusIdentity,
  segmentation: string,
  start: string,
  moves: readonly Move[],
): Json {
  return {
    ...{ kind: 'labels', ...identity, segmentation, start, moves: moves.map(moveHash) },
    ...(moves.length > 0 ? normalisedAgain(identity) : {}),
  };
}

/** What keys say of moved z that is normalised again; nothing in other spaces and models. */
const normalisedAgain = ({
  space,
  normalize,
}: Pick<ApparatusIdentity, 'space' | 'normalize'>): { moved?: 'normalised' } =>
  space === 'z' && normalize === 'pixel' ? { moved: 'normalised' } : {};

/** The vector instruction sets that ONNX Runtime's CPU kernels choose between, as far as the system tells. */
export function instructionSet(): string {
  const wanted = [
    'avx',
    'avx2',
    'fma',
    'avx512f',
    'avx512vl',
    'avx512_vnni',
    'avx512_bf16',
    'amx_tile',
    'asimd',
    'sve',
  ];
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1].split(' ') ?? []);
    if (flags.size > 0) return [process.arch, ...wanted.filter((flag) => flags.has(flag))].join(' ');
  } catch {
    // Not Linux: the processor's name stands for its instruction set.
  }
  return `${process.arch} ${os.cpus()[0]?.model ?? 'unknown'}`;
}
