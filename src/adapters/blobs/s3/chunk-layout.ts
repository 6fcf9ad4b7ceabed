import type { Bytes } from '../../../domain/shared/bytes.ts';
import { chunkAt, chunkCount, type Chunk } from '../../../domain/uploads/chunks.ts';
import { MAX_PARTS, MIN_PART_BYTES, partSizeFor } from './part-sizes.ts';

/** Bytes of a chunk that are sent at once: from `from` up to, but not including, `to`. */
export interface Piece {
  /** The part that they are, or that they belong to; from 1. */
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Into which pieces the chunks of a blob are divided. Chunks of at least 5 MiB are sent as parts,
 * if there are not too many; smaller ones as tails, of which parts are put together later.
 */
export class ChunkLayout {
  /** Whether pieces are parts, and not tails. */
  readonly areParts: boolean;
  /** The size of every part but the last where pieces are tails. */
  readonly partBytes: number;
  readonly #length: Bytes;
  readonly #chunkSize: Bytes;

  /** `memory` is the limit of all parts in memory together, in bytes. */
  constructor(length: Bytes, chunkSize: Bytes, memory: number) {
    this.#length = length;
    this.#chunkSize = chunkSize;
    this.partBytes = partSizeFor(length, memory);
    const count = chunkCount(length, chunkSize);
    const isLargeEnough = chunkSize >= MIN_PART_BYTES && count <= MAX_PARTS;
    this.areParts = isLargeEnough && [0, count - 1].every((number) => this.#fits(number, memory));
  }

  /** The pieces of a chunk, in their order. */
  piecesOf(chunk: Chunk): readonly Piece[] {
    return this.areParts ? this.#parts(chunk) : this.#tails(chunk);
  }

  /** All pieces with bytes from `from` up to `to`, in their order. */
  *between(from: number, to: number): Generator<Piece> {
    const last = chunkCount(this.#length, this.#chunkSize) - 1;
    for (let number = Math.min(Math.floor(from / this.#chunkSize), last); ; number += 1) {
      const chunk = chunkAt(this.#length, this.#chunkSize, number);
      if (chunk === null || chunk.from >= to) return;
      for (const piece of this.piecesOf(chunk)) if (piece.from < to && piece.to > from) yield piece;
    }
  }

  #fits(number: number, memory: number): boolean {
    const chunk = chunkAt(this.#length, this.#chunkSize, number);
    return chunk !== null && this.#parts(chunk).every(({ from, to }) => to - from <= memory);
  }

  /** Of equal size: at least that of parts of one-request uploads, where chunks are larger. */
  #parts({ number, from, to }: Chunk): readonly Piece[] {
    const partBytes = partSizeFor(this.#length, Infinity);
    const first = number * Math.max(1, Math.floor(this.#chunkSize / partBytes)) + 1;
    const count = Math.max(1, Math.floor((to - from) / partBytes));
    const at = (index: number): number => from + Math.floor(((to - from) * index) / count);
    return Array.from({ length: count }, (_, index) => ({
      part: first + index,
      from: at(index),
      to: at(index + 1),
    })).filter((piece) => piece.from < piece.to);
  }

  #tails({ from, to }: Chunk): readonly Piece[] {
    const pieces: Piece[] = [];
    for (let at: number = from; at < to;) {
      const index = Math.floor(at / this.partBytes);
      const end = Math.min((index + 1) * this.partBytes, to);
      pieces.push({ part: index + 1, from: at, to: end });
      at = end;
    }
    return pieces;
  }
}
