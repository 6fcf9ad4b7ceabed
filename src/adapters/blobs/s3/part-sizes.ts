import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

const MIB = 1024 * 1024;

/** What S3 takes, by its documentation: in one object, in one part, and how many parts. */
export const MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PARTS = 10_000;

/** The parts of objects that fit into few enough of these. */
const DEFAULT_PART_BYTES = 8 * MIB;

/**
 * The size of every part but the last of an object of `size` bytes, where all parts in memory
 * together may have `memory` bytes, at least `SMALLEST_PART`.
 */
export function partSizeFor(size: Bytes, memory: number): number {
  return Math.max(Math.min(DEFAULT_PART_BYTES, memory), Math.ceil(size / MAX_PARTS / MIB) * MIB);
}

/**
 * Fails with `quota-exceeded` where an object of `size` bytes is more than S3 takes, or needs
 * larger parts than `memory` bytes.
 */
export function requireParts(size: Bytes, memory: number): void {
  const refusal = { needed: size, left: null, limitedBy: 'backend' } as const;
  if (size > MAX_OBJECT_BYTES) throw new DomainError('quota-exceeded', refusal);
  if (partSizeFor(size, memory) > memory)
    throw new DomainError('quota-exceeded', { ...refusal, setting: 'PLATTER_S3_MEMORY' });
}
