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

/** A media item with everything that its users see. */
export interface DriveView {
  readonly id: MediaId;
  /** The user who created it; null for a library drive. */
  readonly owner: UserUuid | null;
  readonly optical: boolean;
  readonly size: Bytes;
  readonly state: MediaState;
  /** Whether a job reads its bytes. */
  readonly isRead: boolean;
  /** Whether any server has it attached; for a library drive, any server of the caller. */
  readonly isAttached: boolean;
  /** The caller's servers that have it attached. */
  readonly servers: readonly ServerId[];
  /** The caller's tags on it. */
  readonly tags: readonly TagId[];
  readonly label: Label;
  readonly licences: readonly BoundLicence[];
  /** The open jobs on it that the caller started. The jobs of other users are not shown. */
  readonly jobs: readonly JobId[];
  /** The storage type of its pool; null if the pool is not configured any more. */
  readonly storageType: string | null;
}

/**
 * Returns what the caller sees of these drives, in their order. The number of queries does not
 * depend on the number of drives.
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

/** Returns what the caller sees of the drives with these ids, in their order. */
export async function viewsInOrder(
  tx: Transaction,
  pools: Pools,
  caller: Caller,
  ids: readonly MediaId[],
): Promise<readonly DriveView[]> {
  const views = await viewsOf(tx, pools, caller, await tx.labels.findAll(ids));
  return ids.flatMap((id) => views.filter((view) => view.id === id));
}

/** Returns a library drive as a drive. Clones of it and servers of other users are not shown. */
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
