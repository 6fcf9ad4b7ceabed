import type { Caller } from '../../domain/access/caller.ts';
import { isOptical, kindOf } from '../../domain/media/label.ts';
import type { Media, StoredBlob } from '../../domain/media/media.ts';
import { ownBlobOf } from '../../domain/media/own-blob.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { JobId, MediaId, TagId } from '../../domain/shared/ids.ts';
import { namesOf } from '../audit/names-of.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import { putTags, requireTags, type PutTagsFailure } from '../tags/put-tags.ts';
import type { DriveView } from './drive-view.ts';
import { rehearseRelabel, relabel, requireLabel, type LabelChanges } from '../media/relabel.ts';
import { requireRoomToGrow } from '../media/require-room-to-grow.ts';
import type { ResizeMedia, ResizeMediaFailure } from './resize-media.ts';
import { setMode, settleMode } from '../media/settle-mode.ts';
import { requireChange, requireRest, requireVisible } from '../media/visible-media.ts';
import { findStat, hasMoved } from '../media/blob-stat.ts';
import { driveView } from './view-drive.ts';

/** What is to be changed; the rest stays. */
export interface DriveChanges extends LabelChanges {
  readonly optical?: boolean | undefined;
  readonly size?: Bytes | undefined;
  /** Of the one who asks; null for what can't be the id of one. */
  readonly tags?: readonly (TagId | null)[] | undefined;
}

/** The media after a change. */
export interface EditedMedia {
  readonly media: DriveView;
  /** Whether this change gave them another size. */
  readonly resized: boolean;
}

/** How the bytes of media stood when the media lay there. */
interface StoredState {
  readonly of: Media;
  readonly standing: StoredBlob;
}

export type UpdateDriveFailure =
  ResizeMediaFailure | PutTagsFailure | 'media-in-use' | 'bytes-damaged' | 'definitions-too-large';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly resize: ResizeMedia;
  readonly random: Random;
  readonly workers: Workers;
}

/** Changes the label, the kind and the size of media. */
export class UpdateDrive {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent>;
  readonly #pools: Pools;
  readonly #resize: ResizeMedia;
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
   * All that can be refused without moving a byte is looked at before the size changes, and the
   * size changes first, since it alone may fail for want of room. Media that others may read by the
   * same bytes become writable later, once a job has made them a private copy. `id` is null for
   * what can't be an id.
   */
  async run(caller: Caller, id: MediaId | null, changes: DriveChanges): Promise<EditedMedia> {
    const before = await this.#work.onBehalfOf(caller).run(async (tx) => {
      const media = await changeable(tx, caller, id, changes);
      if (changes.shareable === false) await requireLabel(tx, media, changes);
      if (changes.tags !== undefined) await requireTags(tx, caller, changes.tags);
      return media;
    });
    const size = changes.size ?? before.size;
    const resized = size !== before.size;
    const isNoMore = asksForNothing({ ...changes, size: undefined });
    if (resized && !isNoMore) await rehearseRelabel(this.#work.onBehalfOf(caller), caller, before, changes);
    if (resized) await this.#resize.run(caller, before.id, size);
    // A caller who may not change them any more is not refused what was done already.
    const media = isNoMore
      ? await this.#work.onBehalfOf(caller).run(async (tx) => driveView(tx, this.#pools, caller, before.id))
      : await this.#edit(caller, before, changes);
    return { media, resized };
  }

  /** Changes all but the size. */
  async #edit(caller: Caller, before: Media, changes: DriveChanges): Promise<DriveView> {
    // Read-only media are what came in; writable ones are what was made of them since.
    const turnsOptical = changes.optical === true && turnsInto(before, true);
    if (turnsOptical) await setMode(this.#stores, before, false);
    try {
      return await this.#editAtOnce(caller, before, changes, turnsOptical ? await this.#asItStands(before) : null);
    } finally {
      // Also where nothing turned: an attempt before may have come no further.
      if (changes.optical !== undefined) await settleMode(this.#work, this.#stores, before.id);
    }
  }

  /** `blob` is how the bytes stand that become read-only, where it is not as they came in. */
  async #editAtOnce(
    caller: Caller,
    before: Media,
    changes: DriveChanges,
    blob: StoredState | null,
  ): Promise<DriveView> {
    const view = await this.#work.onBehalfOf(caller).run(async (tx) => {
      await tx.definitions.lock(caller.uuid);
      const [bytesBefore, media] = await Promise.all([
        tx.definitions.bytesOf(caller.uuid),
        changeable(tx, caller, before.id, { ...changes, size: undefined }),
      ]);
      await relabel(tx, caller, media, changes, bytesBefore);
      // What moved to another place meanwhile was stored there as it stood.
      const stat = blob !== null && !hasMoved(blob.of, media) ? blob.standing : null;
      if (turnsInto(media, changes.optical)) await this.#turn(tx, caller, media, stat);
      if (changes.tags !== undefined) await putTags(tx, caller, changes.tags, { kind: 'media', id: media.id });
      const fields = namesOf({ ...changes, size: undefined });
      await tx.audit.record(caller, { action: 'media.edit', media: media.id, details: { fields } });
      return driveView(tx, this.#pools, caller, media.id);
    });
    this.#workers.wake();
    return view;
  }

  /**
   * Into the other kind: at once, or by a job where bytes that others have too are not to be
   * written to.
   */
  async #turn(tx: Transaction, caller: Caller, media: Media, stat: StoredBlob | null): Promise<void> {
    const optical = !isOptical(media.type);
    const { immutable } = this.#stores.of(media.pool, media.location);
    // Once somebody may write to them, nobody can tell any more what they should be.
    if (!optical && !immutable && (await tx.scrub.isMarked(media.blob))) throw new DomainError('bytes-damaged');
    if (!optical) await this.#requireRoomToGrow(tx, media);
    if (optical || immutable || (await ownsItsFile(tx, media))) {
      await tx.changes.changeKind(media.id, kindOf(optical), stat);
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

  /**
   * A writable image may grow to its virtual size; a read-only one was admitted whatever that is.
   */
  async #requireRoomToGrow(tx: Transaction, media: Media): Promise<void> {
    if (!media.readOnly || media.group === null) return;
    const kept = await tx.media.lockStoredShared(media.id);
    if (kept === null) throw new DomainError('media-busy');
    await requireRoomToGrow(tx, this.#stores, { ...media, group: media.group, readOnly: false }, kept.facts);
  }

  async #asItStands(media: Media): Promise<StoredState | null> {
    const stored = await this.#work.run((tx) => tx.media.findStored(media.id));
    const stood = stored && (await findStat(this.#work, this.#stores, stored));
    if (stood === null) throw new DomainError('media-busy');
    const { media: of, blob, now } = stood;
    if (now === null) throw new DomainError('bytes-missing');
    if (now.fingerprint === blob.fingerprint) return null;
    const storedBytes = bytes(Math.min(now.storedBytes, of.size));
    return { of, standing: { storedBytes, sha256: null, fingerprint: now.fingerprint } };
  }
}

function asksForNothing(changes: DriveChanges): boolean {
  return Object.values(changes).every((change) => change === undefined);
}

async function changeable(
  tx: Transaction,
  caller: Caller,
  id: MediaId | null,
  { optical, size }: DriveChanges,
): Promise<Media> {
  const seen = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, seen, 'velocity.media.create');
  await tx.groups.lockShared(seen.group.id);
  const media = await tx.media.lock(seen.media.id);
  if (media === null || media.state === 'removing') throw new DomainError('media-not-found');
  const turns = turnsInto(media, optical);
  await requireRest(tx, media, turns || (size !== undefined && size !== media.size));
  // What is attached becomes a disk only for those who could attach it as one.
  const turnsDisk = turns && !optical && (await tx.servers.having(media.id)).length > 0;
  if (turnsDisk && !seen.rights.write) throw new DomainError('not-writer');
  return media;
}

function turnsInto({ type }: Media, optical: boolean | undefined): boolean {
  return optical !== undefined && optical !== isOptical(type);
}

/**
 * Whether media could be written to as they are: writable ones own the file of their id, and nobody
 * else does.
 */
async function ownsItsFile(tx: Transaction, { id, blob }: Media): Promise<boolean> {
  return blob === ownBlobOf(id) && !(await tx.changes.sharesBytes(id));
}
