import type { Caller } from '../../domain/access/caller.ts';
import { isOptical, kindOf } from '../../domain/media/label.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import { requireIdle, requireVisible } from './visible-media.ts';
import type { KeepAnswer } from '../access/keep-answer.ts';
import { requireJob, type VisibleJob } from '../media/visible-job.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { NewMedia } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { admitBy, type AdmissionFailure } from '../media/admit.ts';
import { requireRoomToGrow } from '../media/require-room-to-grow.ts';
import { storeClone } from '../media/store-clone.ts';

/** A clone to create; omitted fields are those of the source. */
export interface CloneItemOrder {
  readonly name: string;
  /** The group of the clone; of a library drive, the home group of the caller by default. */
  readonly group?: GroupId | undefined;
  readonly pool?: PoolId | undefined;
  readonly type?: string | undefined;
  /** At least the size of the source. */
  readonly size?: Bytes | undefined;
}

export type CloneItemFailure =
  | AdmissionFailure
  | 'media-not-found'
  | 'media-published'
  | 'media-busy'
  | 'bytes-damaged'
  | 'clone-too-small'
  | 'image-not-growable'
  | 'home-group-missing';

interface Source {
  readonly id: MediaId;
  readonly size: Bytes;
  readonly type: string;
  readonly pool: PoolId;
  /** Null for a library drive. */
  readonly group: GroupId | null;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly random: Random;
  readonly workers: Workers;
}

/** Clones an item that the caller sees, or a library drive, to the place that the caller names. */
export class CloneItem {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves with the job when the clone is charged and the job is stored; the job copies the bytes
   * later. A clone is read-only if its type is ISO.
   */
  async run(
    caller: Caller,
    id: MediaId,
    order: CloneItemOrder,
    { from, keep }: { readonly from: 'items' | 'library'; readonly keep?: KeepAnswer<VisibleJob> },
  ): Promise<VisibleJob> {
    const { work, workers } = this.#dependencies;
    const job = await work.onBehalfOf(caller).run(async (tx) => {
      const source = from === 'library' ? await fromLibrary(tx, id) : await visibleItem(tx, caller, id);
      const cloning = await this.#clone(tx, caller, source, order);
      await keep?.(tx, cloning);
      return cloning;
    });
    workers.wake();
    return job;
  }

  async #clone(tx: Transaction, caller: Caller, source: Source, order: CloneItemOrder): Promise<VisibleJob> {
    const { stores, pools, random } = this.#dependencies;
    const size = order.size ?? source.size;
    if (size < source.size) throw new DomainError('clone-too-small', { min: source.size });
    const type = order.type ?? source.type;
    const media: NewMedia = {
      id: random.uuid() as MediaId,
      group: order.group ?? source.group ?? (await homeOf(tx, caller)),
      pool: order.pool ?? source.pool,
      name: order.name,
      type,
      size,
      readOnly: kindOf(isOptical(type)).readOnly,
      state: 'cloning',
      createdBy: caller.uuid,
      provenance: {
        kind: source.group === null ? 'library' : 'clone',
        source: source.id,
        url: null,
        checksum: null,
        channel: caller.origin?.channel ?? null,
      },
    };
    const { facts, job } = await admitBy(tx, pools, caller, media, async (admitted) =>
      storeClone(tx, { stores, random }, caller, source, admitted),
    );
    await requireRoomToGrow(tx, stores, media, facts);
    await tx.licences.inherit(media.id, source.id);
    await tx.audit.record(caller, { action: 'media.clone', media: media.id, details: { size, source: source.id } });
    return requireJob(tx, caller, job);
  }
}

async function visibleItem(tx: Transaction, caller: Caller, id: MediaId): Promise<Source> {
  const { media, group } = await requireVisible(tx, caller, id);
  await requireIdle(tx, media, false);
  return { ...media, group: group.id };
}

async function fromLibrary(tx: Transaction, id: MediaId): Promise<Source> {
  const published = await tx.library.find(id);
  if (published === null) throw new DomainError('media-not-found');
  return { ...published, group: null };
}

async function homeOf(tx: Transaction, caller: Caller): Promise<GroupId> {
  const home = await tx.groups.homeOf(caller.id);
  if (home === null) throw new DomainError('home-group-missing');
  return home.id;
}
