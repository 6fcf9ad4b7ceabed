import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import { chargeDifference } from '../media/charge.ts';
import type { ClaimedImport, SourceFacts } from '../ports/import-repository.ts';
import type { SourceResponse } from '../ports/import-source.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { lossOf } from '../uploads/upload-leases.ts';

/**
 * Gives the item of an import another size, and charges or refunds the difference. `store` stores
 * it, and returns whether this process still has the lease.
 *
 * @throws DomainError `quota-exceeded`, `upload-gone`, `upload-locked`
 */
export async function resizeImport(
  tx: Transaction,
  { id, group }: Pick<Upload, 'id' | 'group'>,
  size: Bytes,
  store: () => Promise<boolean>,
): Promise<void> {
  await tx.groups.lockShared(group);
  const media = await tx.media.lock(id);
  if (media?.state !== 'uploading' || !(await store())) throw lossOf(await tx.uploads.find(id));
  await chargeDifference(tx, media, size);
}

/**
 * Returns what to charge for a source: its length, or the largest size that the order allows.
 *
 * @throws DomainError `source-too-large`, `length-required`
 */
export function factsOf(
  { maxBytes }: Pick<ClaimedImport, 'maxBytes'>,
  { length, validator }: Pick<SourceResponse, 'length' | 'validator'>,
): SourceFacts {
  if (maxBytes !== null && length !== null && length > maxBytes) {
    throw new DomainError('source-too-large', { max: maxBytes });
  }
  const size = length ?? maxBytes;
  if (size === null) throw new DomainError('length-required');
  return { validator, isLengthKnown: length !== null, length: size };
}
