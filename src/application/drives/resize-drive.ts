import type { Caller } from '../../domain/access/caller.ts';
import { SYSTEM, type Actor } from '../../domain/audit/audit-event.ts';
import { declaresItsSize } from '../../domain/media/formats/disk-image.ts';
import type { ImageFormat } from '../../domain/media/formats/image-format.ts';
import type { Media } from '../../domain/media/media.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { HeldLeases, Lease } from '../leases/held-leases.ts';
import type { BlobContent, BlobStores, PoolClaim } from '../ports/blob-store.ts';
import type { Log } from '../ports/log.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Purge } from '../media/purge.ts';
import { lockVisible, requireChange, requireIdle, requireVisible, type ChangeFailure } from './visible-media.ts';
import { findStat, type FinishedMedia } from '../media/blob-stat.ts';
import { chargeDifference } from '../media/charge.ts';

export type ResizeDriveFailure =
  | ChangeFailure
  | 'media-not-empty'
  | 'image-not-growable'
  | 'quota-exceeded'
  | 'no-space'
  | 'bytes-missing'
  | 'unavailable';

const MAX_RESUMED = 100;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent & PoolClaim>;
  readonly leases: HeldLeases;
  readonly purge: Purge;
  readonly log: Log;
}

/**
 * Changes the size of an item. One transaction charges the difference and sets the state
 * `resizing`, then the blob is resized, then one transaction ends it. Afterwards item and blob have
 * the same size, the old or the new one.
 */
export class ResizeDrive {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent & PoolClaim>;
  readonly #leases: HeldLeases;
  readonly #purge: Purge;
  readonly #log: Log;

  constructor({ work, stores, leases, purge, log }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#leases = leases;
    this.#purge = purge;
    this.#log = log;
  }

  /**
   * Resolves when the item has that size. `id` is null for a string that cannot be an id.
   *
   * @throws `media-not-empty` for a smaller size, unless the item was created empty and never
   *   written to
   * @throws `image-not-growable` for a larger size, if the image declares its own size
   */
  async run(caller: Caller, id: MediaId | null, size: Bytes): Promise<void> {
    const visible = await this.#work.onBehalfOf(caller).run(async (tx) => {
      const { media } = await requireVisible(tx, caller, id);
      return { media, stored: await tx.media.findStored(media.id) };
    });
    const empty = visible.stored !== null && (await this.#isEmpty(visible.stored));
    const format = visible.stored?.facts.format ?? null;
    const store = this.#stores.of(visible.media.pool, visible.media.location);
    // If the pool cannot be written to, a resize could not be undone either, and the item would
    // stay in `resizing` until the pool is back.
    if (!store.immutable) await store.probe();
    const isImmutable = ({ pool, location }: Media): boolean => this.#stores.of(pool, location).immutable;
    const { lease, stored: was } = await this.#leases.hold(visible.media.id, async (terms) =>
      this.#work
        .onBehalfOf(caller)
        .run(async (tx) => begin(tx, caller, visible.media, { size, empty, format, isImmutable }, terms)),
    );
    if (was === null) lease.release();
    else await this.#apply(caller, was, size, empty, lease);
  }

  /**
   * Finishes interrupted resizing: items in `resizing` whose lease expired more than `graceSeconds`
   * ago get the size in their row. Failures are logged and tried again by the next call.
   *
   * @throws `unavailable` without the database
   */
  async resume(graceSeconds: number): Promise<void> {
    for (const id of await this.#work.run((tx) => tx.changes.stuck(graceSeconds, MAX_RESUMED))) {
      const { lease, stored: media } = await this.#leases.hold(id, async (terms) =>
        this.#work.run(async (tx) => ((await tx.changes.takeOver(id, graceSeconds, terms)) ? tx.media.find(id) : null)),
      );
      if (media === null) lease.release();
      else await this.#resumeOne(media, lease);
    }
  }

  async #apply(caller: Caller, was: Media, size: Bytes, empty: boolean, lease: Lease): Promise<void> {
    try {
      const { fingerprint } = await this.#stores.of(was.pool, was.location).resize(was.blob, size);
      await lease.confirm();
      await this.#end(caller, { id: was.id, size }, empty ? fingerprint : null);
      lease.release();
    } catch (error) {
      const outcome = await this.#conclude(was, size, lease);
      if (outcome === 'resized') return;
      throw outcome === 'removed' ? new DomainError('media-not-found') : error;
    }
  }

  async #end(by: Actor, resized: Pick<Media, 'id' | 'size'>, fingerprint: string | null): Promise<void> {
    const ended = await this.#work.run(async (tx) => {
      if (!(await tx.changes.endResizing(resized.id, this.#leases.holder, fingerprint))) return false;
      await record(tx, by, resized);
      return true;
    });
    if (!ended) throw new DomainError('media-not-found');
  }

  /** Reads the state of the item after a failure, and undoes unfinished resizing. */
  async #conclude(was: Media, size: Bytes, lease: Lease): Promise<'resized' | 'removed' | 'failed'> {
    try {
      const media = await this.#work.run((tx) => tx.media.find(was.id));
      if (media?.state === 'removing') await this.#purge.run(media.id);
      if (media?.state === 'resizing') {
        await this.#stores.of(was.pool, was.location).resize(was.blob, was.size).catch(unlessMissing);
        await this.#work.run(async (tx) => undo(tx, was, size, this.#leases.holder));
      }
      lease.release();
      if (media === null || media.state === 'removing') return 'removed';
      return media.state === 'ready' ? 'resized' : 'failed';
    } catch (error) {
      lease.giveUp();
      this.#log.warn({ media: was.id, err: error }, 'an unfinished resize is left to the sweeper');
      return 'failed';
    }
  }

  async #resumeOne(media: Media, lease: Lease): Promise<void> {
    try {
      await this.#stores.of(media.pool, media.location).resize(media.blob, media.size).catch(unlessMissing);
      await this.#end(SYSTEM, media, null);
      lease.release();
      this.#log.info({ media: media.id }, 'finished an interrupted resize');
    } catch (error) {
      lease.giveUp();
      this.#log.warn(
        { media: media.id, err: error },
        'an interrupted resize could not be finished: the next sweep tries again',
      );
    }
  }

  /** Whether the item was created without bytes and has not been written to since. */
  async #isEmpty(found: FinishedMedia): Promise<boolean> {
    if (wasFilled(found)) return false;
    const current = await findStat(this.#work, this.#stores, found);
    return current !== null && !wasFilled(current) && current.stat?.fingerprint === current.blob.fingerprint;
  }
}

function wasFilled({ blob }: FinishedMedia): boolean {
  return blob.storedBytes > 0 || blob.sha256 !== null;
}

interface Order {
  readonly size: Bytes;
  /** Whether the item holds nothing but zeros. */
  readonly empty: boolean;
  /** The format that was detected in the bytes of the item. */
  readonly format: ImageFormat | null;
  /** Whether the blob of an item can never be changed. */
  readonly isImmutable: (media: Media) => boolean;
}

/** Returns the item as it was before; null if no blob has to be resized. */
async function begin(
  tx: Transaction,
  caller: Caller,
  { id }: Media,
  { size, empty, format, isImmutable }: Order,
  terms: LeaseTerms,
): Promise<Media | null> {
  const visible = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, visible, 'velocity.media.create');
  if (!visible.rights.write) throw new DomainError('not-writer');
  const media = await lockVisible(tx, visible);
  await requireIdle(tx, media, true);
  if (size === media.size) return null;
  if (size < media.size && !empty) throw new DomainError('media-not-empty');
  if (format !== null && declaresItsSize(format)) throw new DomainError('image-not-growable', { format });

  // A shared or immutable blob stays as it is: the bytes behind its end read as zeros.
  const keepsBlob = isImmutable(media) || (await tx.changes.sharesBytes(id));
  if (keepsBlob) {
    await tx.changes.changeSize(id, size);
    await record(tx, caller, { id, size });
  } else await tx.changes.beginResizing(id, size, terms);
  await chargeDifference(tx, media, size);
  return keepsBlob ? null : media;
}

async function record(tx: Transaction, by: Actor, { id, size }: Pick<Media, 'id' | 'size'>): Promise<void> {
  await tx.audit.record(by, { action: 'media.resize', media: id, details: { size } });
}

/** Restores the size of the item and its charge. */
async function undo(tx: Transaction, was: Media, size: Bytes, holder: LeaseTerms['holder']): Promise<void> {
  if (was.group !== null) await tx.groups.lockShared(was.group);
  const media = await tx.media.lock(was.id);
  if (media?.state !== 'resizing') return;
  await tx.changes.changeSize(was.id, was.size);
  await tx.changes.endResizing(was.id, holder, null);
  await chargeDifference(tx, { ...was, size }, was.size);
}

function unlessMissing(error: unknown): void {
  if (!isFailure(error, 'bytes-missing')) throw error;
}
