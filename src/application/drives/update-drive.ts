import type { Caller } from '../../domain/access/caller.ts';
import { isOptical, kindOf } from '../../domain/media/label.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import type { ItemKind } from '../../domain/uploads/upload.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId, MediaId, TagId } from '../../domain/shared/ids.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import { setTags, requireTags, type SetTagsFailure } from '../tags/set-tags.ts';
import type { DriveView } from './drive-view.ts';
import { rehearseRelabel, relabel, requireLabel, type LabelChanges } from './relabel.ts';
import { requireRoomToGrow } from '../media/require-room-to-grow.ts';
import type { ResizeDrive, ResizeDriveFailure } from './resize-drive.ts';
import { setFileMode, reconcileFileMode } from './file-mode.ts';
import { lockVisible, requireChange, requireIdle, requireVisible } from './visible-media.ts';
import { findStat, hasMoved } from '../media/blob-stat.ts';
import { driveView } from './view-drive.ts';

/** Fields to change; omitted ones stay. */
export interface DriveChanges extends LabelChanges {
  readonly optical?: boolean | undefined;
  /** Another flag for an item that keeps its type. Without effect beside `optical`. */
  readonly readOnly?: boolean | undefined;
  readonly size?: Bytes | undefined;
  /** Tags of the caller; null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
}

/** An item after a change. */
export interface UpdatedDrive {
  readonly media: DriveView;
  /** Whether this change resized it. */
  readonly resized: boolean;
}

/** The stat of a blob that becomes read-only, and the item at that moment. */
interface StatSnapshot {
  readonly media: Media;
  readonly blob: StoredBlob;
}

export type UpdateDriveFailure =
  ResizeDriveFailure | SetTagsFailure | 'media-in-use' | 'bytes-damaged' | 'definitions-too-large';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly resize: ResizeDrive;
  readonly random: Random;
  readonly workers: Workers;
}

/** Changes the label, the kind and the size of an item. */
export class UpdateDrive {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #pools: Pools;
  readonly #resize: ResizeDrive;
  readonly #random: Random;
  readonly #workers: Workers;

  constructor({ work, stores, pools, resize, random, workers }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#pools = pools;
    this.#resize = resize;
    this.#random = random;
    this.#workers = workers;
  }

  /**
   * Checks everything that can be refused without moving a byte before it changes the size, and
   * changes the size first, because only that can fail for lack of space. An item that shares its
   * bytes becomes writable later, when a job has made a private copy. `id` is null for a string
   * that cannot be an id.
   */
  async run(caller: Caller, id: MediaId | null, changes: DriveChanges): Promise<UpdatedDrive> {
    const before = await this.#work.onBehalfOf(caller).run(async (tx) => {
      const media = await lockForChange(tx, caller, id, changes);
      if (changes.shareable === false) await requireLabel(tx, media, changes);
      if (changes.tags !== undefined) await requireTags(tx, caller, changes.tags);
      return media;
    });
    const size = changes.size ?? before.size;
    const resized = size !== before.size;
    const isResizeOnly = isEmpty({ ...changes, size: undefined });
    if (resized && !isResizeOnly) await rehearseRelabel(this.#work.onBehalfOf(caller), caller, before, changes);
    if (resized) await this.#resize.run(caller, before.id, size);
    // After a resize that alone was asked for, the caller may have lost the right to change the
    // item: do not refuse what has happened.
    const media = isResizeOnly
      ? await this.#work.onBehalfOf(caller).run(async (tx) => driveView(tx, this.#pools, caller, before.id))
      : await this.#edit(caller, before, changes);
    return { media, resized };
  }

  /** Changes everything but the size. */
  async #edit(caller: Caller, before: Media, changes: DriveChanges): Promise<DriveView> {
    // From here on hypervisors cannot write: the bytes that become read-only are those of the next
    // stat.
    const becomesReadOnly = kindAfter(before, changes)?.readOnly === true;
    if (becomesReadOnly) await setFileMode(this.#stores, before, false);
    try {
      return await this.#store(caller, before, changes, becomesReadOnly ? await this.#snapshotOf(before) : null);
    } finally {
      // Also if nothing changed: an earlier attempt may have stopped before this step.
      if (changes.optical !== undefined || changes.readOnly !== undefined)
        await reconcileFileMode(this.#work, this.#stores, before.id);
    }
  }

  /**
   * `snapshot` is the stat of the bytes that become read-only; null if they are unchanged since
   * their upload.
   */
  async #store(
    caller: Caller,
    before: Media,
    changes: DriveChanges,
    snapshot: StatSnapshot | null,
  ): Promise<DriveView> {
    const view = await this.#work.onBehalfOf(caller).run(async (tx) => {
      await tx.definitions.lock(caller.uuid);
      const [bytesBefore, media] = await Promise.all([
        tx.definitions.bytesOf(caller.uuid),
        lockForChange(tx, caller, before.id, { ...changes, size: undefined }),
      ]);
      await relabel(tx, caller, media, changes, bytesBefore);
      // If the item moved to another location meanwhile, the move has recorded the stat.
      const stat = snapshot !== null && !hasMoved(snapshot.media, media) ? snapshot.blob : null;
      const kind = kindAfter(media, changes);
      if (kind !== null) await this.#changeKind(tx, caller, media, kind, stat);
      if (changes.tags !== undefined) await setTags(tx, caller, changes.tags, { kind: 'media', id: media.id });
      const fields = changedFields({ ...changes, size: undefined });
      await tx.audit.record(caller, { action: 'media.edit', media: media.id, details: { fields } });
      return driveView(tx, this.#pools, caller, media.id);
    });
    this.#workers.wake();
    return view;
  }

  /** Changes the kind at once, or by a job if the bytes are shared and must not be written to. */
  async #changeKind(
    tx: Transaction,
    caller: Caller,
    media: Media,
    kind: ItemKind,
    stat: StoredBlob | null,
  ): Promise<void> {
    const { immutable } = this.#stores.of(media.pool, media.location);
    // Writable bytes have no digest: the damage could not be detected any more.
    if (!kind.readOnly && !immutable && (await tx.scrub.isMarked(media.blob))) throw new DomainError('bytes-damaged');
    if (!kind.readOnly) await this.#requireRoomToGrow(tx, media);
    if (kind.readOnly || immutable || (await ownsItsFile(tx, media))) {
      await tx.changes.changeKind(media.id, kind, stat);
      return;
    }
    const copy = this.#random.uuid() as MediaId;
    if (!(await tx.changes.insertCopy(copy, media))) throw new DomainError('media-busy');
    await tx.jobs.insert({
      id: this.#random.uuid() as JobId,
      operation: 'unshare',
      owner: caller.uuid,
      tenant: shareholderOf(caller).tenant,
      source: media.id,
      sourceBlob: media.blob,
      target: copy,
      total: media.size,
    });
  }

  /** Checks the quotas for a writable image, which may grow to its virtual size. */
  async #requireRoomToGrow(tx: Transaction, media: Media): Promise<void> {
    if (!media.readOnly || media.group === null) return;
    const stored = await tx.media.lockStoredShared(media.id);
    if (stored === null) throw new DomainError('media-busy');
    await requireRoomToGrow(tx, this.#stores, { ...media, group: media.group, readOnly: false }, stored.facts);
  }

  async #snapshotOf(media: Media): Promise<StatSnapshot | null> {
    const stored = await this.#work.run((tx) => tx.media.findStored(media.id));
    const found = stored && (await findStat(this.#work, this.#stores, stored));
    if (found === null) throw new DomainError('media-busy');
    const { stat } = found;
    if (stat === null) throw new DomainError('bytes-missing');
    if (stat.fingerprint === found.blob.fingerprint) return null;
    const storedBytes = bytes(Math.min(stat.storedBytes, found.media.size));
    return { media: found.media, blob: { storedBytes, sha256: null, fingerprint: stat.fingerprint } };
  }
}

function isEmpty(changes: DriveChanges): boolean {
  return Object.values(changes).every((change) => change === undefined);
}

async function lockForChange(
  tx: Transaction,
  caller: Caller,
  id: MediaId | null,
  changes: DriveChanges,
): Promise<Media> {
  const visible = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, visible, 'velocity.media.create');
  const media = await lockVisible(tx, visible);
  const { size } = changes;
  const kind = kindAfter(media, changes);
  await requireIdle(tx, media, kind !== null || (size !== undefined && size !== media.size));
  // An attached item becomes a disk only for a caller who could attach it as one.
  const becomesDisk = kind?.readOnly === false && (await tx.servers.having(media.id)).length > 0;
  if (becomesDisk && !visible.rights.write) throw new DomainError('not-writer');
  return media;
}

/** Returns the kind of an item after a change; null if it stays as it is. */
function kindAfter({ type, readOnly: was }: Media, { optical, readOnly }: DriveChanges): ItemKind | null {
  if (optical !== undefined) return optical === isOptical(type) ? null : kindOf(optical);
  return readOnly === undefined || readOnly === was ? null : { type, readOnly };
}

/** Whether the item owns its blob alone, as a writable item must. */
async function ownsItsFile(tx: Transaction, { id, blob }: Media): Promise<boolean> {
  return blob === ownBlobOf(id) && !(await tx.changes.sharesBytes(id));
}
