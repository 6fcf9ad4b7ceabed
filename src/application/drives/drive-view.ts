import type { Caller } from '../../domain/access/caller.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { BoundLicence } from '../../domain/library/licence.ts';
import type { Label, Drive } from '../../domain/media/label.ts';
import { isOptical } from '../../domain/media/label.ts';
import type { MediaState } from '../../domain/media/media-states.ts';
import { findPool, type Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import type { JobId, MediaId, PoolId, ServerId, TagId, UserUuid } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Media with all that their users want to know of them. */
export interface DriveView {
  readonly id: MediaId;
  /** Who made them; null for library drives. */
  readonly owner: UserUuid | null;
  readonly optical: boolean;
  readonly size: Bytes;
  readonly state: MediaState;
  /** Whether a job is reading them. */
  readonly isRead: boolean;
  /** Whether a server has them, of whomever; of library drives, one of the caller's. */
  readonly isAttached: boolean;
  /** The caller's servers that have them. */
  readonly servers: readonly ServerId[];
  /** The caller's tags on them. */
  readonly tags: readonly TagId[];
  readonly label: Label;
  readonly licences: readonly BoundLicence[];
  /**
   * What is going on with them, of what whoever looks asked for: jobs are for nobody else to see.
   */
  readonly jobs: readonly JobId[];
  /** That of their pool; null where that is not configured any more. */
  readonly storageType: string | null;
}

/**
 * What a caller is to know of these media, in their order; in as many queries whatever their
 * number.
 */
export async function viewsOf(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  media: readonly Drive[],
): Promise<readonly DriveView[]> {
  const ids = media.map(({ id }) => id);
  const [licences, jobs, uses, tags] = await Promise.all([
    tx.licences.neededBy(ids),
    tx.jobs.about(ids),
    tx.servers.usesOf(ids, caller.uuid),
    tx.tags.of('media', ids, caller.uuid),
  ]);
  const own = jobs.filter(({ owner }) => owner === caller.uuid);
  return media.map(({ id, pool, type, size, state, createdBy, label }) => ({
    id,
    owner: createdBy,
    optical: isOptical(type),
    size,
    state,
    isRead: jobs.some(({ source }) => source === id),
    isAttached: uses.has(id),
    servers: uses.get(id)?.servers ?? [],
    tags: tags.get(id) ?? [],
    label,
    licences: licences.get(id) ?? [],
    jobs: own.filter(({ source, target }) => source === id || target === id).map((job) => job.id),
    storageType: storageTypeOf(pools, pool),
  }));
}

/**
 * A library drive, seen as media among others. What clones of it do, and what others have it
 * attached to, is not for everybody to know.
 */
export function libraryView(pools: Pools, { id, pool, type, size, facts, licences, servers }: LibraryDrive): DriveView {
  return {
    id,
    owner: null,
    optical: isOptical(type),
    size,
    state: 'ready',
    isRead: false,
    isAttached: servers.length > 0,
    servers,
    tags: [],
    label: { text: facts.name, meta: facts.meta, shareable: false, affinities: [] },
    licences,
    jobs: [],
    storageType: storageTypeOf(pools, pool),
  };
}

function storageTypeOf(pools: Pools, pool: PoolId): string | null {
  return findPool(pools, pool)?.storageType ?? null;
}
