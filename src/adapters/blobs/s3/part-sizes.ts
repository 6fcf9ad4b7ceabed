import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';

const MIB = 1024 * 1024;

/** Limits of S3, from its documentation. */
export const MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB;
export const MIN_PART_BYTES = 5 * MIB;
export const MAX_PARTS = 10_000;

/** The part size of objects that need no larger one. */
const DEFAULT_PART_BYTES = 8 * MIB;

/**
 * Returns the size of every part but the last of an object of `size` bytes. `memory` is the limit
 * of all parts in memory together, in bytes, at least `MIN_PART_BYTES`.
 */
export function partSizeFor(size: Bytes, memory: number): number {
  return Math.max(Math.min(DEFAULT_PART_BYTES, memory), Math.ceil(size / MAX_PARTS / MIB) * MIB);
}

/**
 * Checks that S3 can store an object of `size` bytes.
 *
 * @throws quota-exceeded when it is too large for S3, or needs parts larger than `memory` bytes
 */
export function requireParts(size: Bytes, memory: number): void {
  const refusal = { needed: size, left: null, limitedBy: 'backend' } as const;
  if (size > MAX_OBJECT_BYTES) throw new DomainError('quota-exceeded', refusal);
  if (partSizeFor(size, memory) > memory)
    throw new DomainError('quota-exceeded', { ...refusal, setting: 'PLATTER_S3_MEMORY' });
}
