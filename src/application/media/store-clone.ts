import type { Caller } from '../../domain/access/caller.ts';
import { declaresItsSize } from '../../domain/media/formats/disk-image.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { StoredMedia } from '../../domain/media/media.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, JobId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { NewMedia } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import { requireUnmoved } from './require-unmoved.ts';

interface Dependencies {
  readonly stores: BlobStores<BlobContent>;
  readonly random: Random;
}

/** The source of a clone, as the caller saw it; without a group for a library drive. */
export interface CloneSource {
  readonly id: MediaId;
  readonly group: GroupId | null;
  readonly pool: PoolId;
}

/** A clone that is to be filled by a job. */
export interface StoredClone {
  readonly facts: ImageFacts;
  readonly job: JobId;
}

/**
 * Stores an admitted clone and its job. The job pins the source blob.
 *
 * @throws `media-busy`, `bytes-damaged`, or `image-not-growable` for a larger clone of an image
 *   that declares its own size
 */
export async function storeClone(
  tx: Transaction,
  { stores, random }: Dependencies,
  caller: Caller,
  source: CloneSource,
  media: NewMedia,
): Promise<StoredClone> {
  const stored = await tx.media.lockStoredShared(source.id);
  if (stored === null || stored.media.size > media.size) throw new DomainError('media-busy');
  if (source.group !== null) requireUnmoved(stored.media, { group: source.group, pool: source.pool });
  if (stored.damaged) throw new DomainError('bytes-damaged');
  const shared = mayShare(stores, stored, media) ? stored.media.blob : null;
  const facts = factsOfClone(stored, media.size);
  await tx.media.insertClone(media, facts, shared);
  const job = random.uuid() as JobId;
  await tx.jobs.insert({
    id: job,
    operation: 'clone',
    owner: media.createdBy,
    tenant: shareholderOf(caller).tenant,
    source: source.id,
    sourceBlob: stored.media.blob,
    target: media.id,
    total: shared === null ? stored.media.size : bytes(0),
  });
  return { facts, job };
}

/** Two items may share a blob if neither can ever be written to. */
function mayShare(stores: BlobStores<BlobContent>, { media }: StoredMedia, clone: NewMedia): boolean {
  if (media.pool !== clone.pool) return false;
  if (media.readOnly && clone.readOnly) return true;
  // While the pool moves, the blob may come to a location where items are written in place.
  return stores.locations(media.pool).every((location) => stores.of(media.pool, location).immutable);
}

/** Returns the image facts of a clone, which is the same image as its source. */
function factsOfClone({ media, facts }: StoredMedia, size: Bytes): ImageFacts {
  if (!declaresItsSize(facts.format)) return { ...facts, virtualSize: size };
  if (size > media.size) throw new DomainError('image-not-growable', { format: facts.format });
  return facts;
}
