import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { unavailable } from '../shared/unavailable.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const TOO_LARGE = new Set(['EFBIG', 'EOVERFLOW']);

/**
 * Translates an error of the filesystem into an error of the domain. `needed` is the size of the
 * blob.
 */
export function translate(error: unknown, needed: Bytes): unknown {
  const code = systemCode(error);
  if (code === null) return error;
  if (FULL.has(code)) return new DomainError('no-space', undefined, { cause: error });
  if (TOO_LARGE.has(code)) {
    return new DomainError('quota-exceeded', { needed, left: null, limitedBy: 'backend' }, { cause: error });
  }
  return unavailable(error);
}

/** Returns the code of an error of the operating system, or null for any other error. */
export function systemCode(error: unknown): string | null {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  return typeof code === 'string' && typeof syscall === 'string' ? code : null;
}
