import type { Caller } from '../../domain/access/caller.ts';
import type { Group } from '../../domain/access/group.ts';
import type { ItemDetails } from '../../domain/media/media-listing.ts';
import type { Media } from '../../domain/media/media.ts';
import { isOptical } from '../../domain/media/label.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, JobId, MediaId, PoolId, TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { changedFields } from '../audit/changed-fields.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { requireItem, viewerOf } from '../media/view-item.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { requireTags, setTags } from '../tags/set-tags.ts';
import { admitMove } from './admit-move.ts';
import { moveToGroup, requireMove, type MoveItemFailure, type MoveTarget } from './move-item.ts';
import type { UpdateDrive, UpdateDriveFailure } from './update-drive.ts';
import { lockVisible, requireChange, requireIdle, requireVisible } from './visible-media.ts';

/** Fields to change; omitted ones stay. */
export interface ItemChanges {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  /** Null for none. */
  readonly description?: string | null | undefined;
  /** Tags of the caller; null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
  readonly readOnly?: boolean | undefined;
  readonly size?: Bytes | undefined;
  /** Whether deletions of the item, and of its group, are refused. */
  readonly protected?: boolean | undefined;
  /** The group to move the item to. */
  readonly group?: GroupId | undefined;
  /** The pool to move the item to, by a job. */
  readonly pool?: PoolId | undefined;
}

/** The outcome of a change. */
export interface EditedItem {
  /** Null if the caller does not see the item in its new group. */
  readonly item: ItemDetails | null;
  /** The job that moves it to another pool; null for none. */
  readonly job: JobId | null;
}

export type EditItemFailure = UpdateDriveFailure | MoveItemFailure | 'name-invalid' | 'media-name-taken';

/** Throws unless the client knows the item as it is; null for any. */
type Verify = ((item: ItemDetails) => void) | null;
type Texts = Omit<ItemChanges, 'readOnly' | 'size' | keyof MoveTarget>;

interface LockedItem {
  readonly media: Media;
  readonly from: Group;
  /** The group and the pool that it is to have. */
  readonly to: Group;
  readonly target: PoolId;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly random: Random;
  readonly workers: Workers;
  readonly updateDrive: Pick<UpdateDrive, 'run'>;
}

/**
 * Changes what an item is called and described as, its protection, its flag and its size, and moves
 * it to another group or pool.
 */
export class EditItem {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Rehearses everything that can be refused without moving a byte before it changes the size and
   * the flag, and changes the other fields last, with the move.
   */
  async run(caller: Caller, id: MediaId, changes: ItemChanges, verify: Verify): Promise<EditedItem> {
    const { work, workers, updateDrive } = this.#dependencies;
    const { readOnly, size, ...others } = changes;
    const edit = async (by: Caller, check: Verify): Promise<EditedItem> =>
      work.onBehalfOf(by).run(async (tx) => this.#edit(tx, by, id, others, check));
    const resizes = readOnly !== undefined || size !== undefined;
    if (resizes) {
      await edit({ ...caller, rehearses: true }, verify);
      await updateDrive.run(caller, id, { readOnly, size });
    }
    const edited = await edit(caller, resizes ? null : verify);
    if (edited.job !== null) workers.wake();
    return edited;
  }

  async #edit(
    tx: Transaction,
    caller: Caller,
    id: MediaId,
    { group, pool, ...texts }: Omit<ItemChanges, 'readOnly' | 'size'>,
    verify: Verify,
  ): Promise<EditedItem> {
    const { media, from, to, target } = await this.#lock(tx, caller, id, { group, pool }, texts);
    verify?.(await requireItem(tx, caller, id));
    await requireEditable(tx, media, texts);
    await storeTexts(tx, caller, media, texts);
    let job: JobId | null = null;
    if (target !== media.pool) {
      job = await admitMove(tx, this.#dependencies, caller, media, from, to, target);
    } else if (to.id !== from.id) {
      await requireUnchanging(tx, media);
      await moveToGroup(tx, this.#dependencies.stores, caller, media, from, to);
    }
    return { item: await tx.catalogue.find(viewerOf(caller), id), job };
  }

  /** Locks the item and its group, and the one that it moves to. Checks the rights in both. */
  async #lock(
    tx: Transaction,
    caller: Caller,
    id: MediaId,
    wanted: Pick<ItemChanges, keyof MoveTarget>,
    texts: Texts,
  ): Promise<LockedItem> {
    const { name, type, tags } = texts;
    if (name !== undefined) requireName(name);
    if (type !== undefined) requireName(type);
    const visible = await requireVisible(tx, caller, id);
    const { group = visible.group.id, pool = visible.media.pool } = wanted;
    const moves = group !== visible.group.id || pool !== visible.media.pool;
    const edits = changedFields(texts).length > 0;
    if (edits || !moves) await requireChange(tx, caller, visible, 'velocity.media.create');
    const to = moves
      ? await requireMove(tx, this.#dependencies.pools, caller, visible, { group, pool })
      : visible.group;
    if (tags !== undefined) await requireTags(tx, caller, tags);
    return { media: await lockVisible(tx, visible), from: visible.group, to, target: pool };
  }
}

async function requireEditable(tx: Transaction, media: Media, { name, type }: Texts): Promise<void> {
  await requireIdle(tx, media, false);
  if (name !== undefined && name !== media.name) {
    await requireUnchanging(tx, media);
    if ((await tx.labels.namesTaken(media.pool, [name])).has(name)) throw new DomainError('media-name-taken');
  }
  // Servers show optical media and disks on different controllers.
  const changesDevice = type !== undefined && isOptical(type) !== isOptical(media.type);
  if (changesDevice && (await tx.servers.having(media.id)).length > 0) throw await mediaInUse(tx, media.id);
}

/** Refuses an item that a job changes; clones may read it. */
async function requireUnchanging(tx: Transaction, { id }: Media): Promise<void> {
  const jobs = await tx.jobs.about([id]);
  if (jobs.some(({ operation }) => operation !== 'clone')) throw new DomainError('media-busy');
}

async function storeTexts(tx: Transaction, caller: Caller, media: Media, texts: Texts): Promise<void> {
  const { id } = media;
  const { name, type, description, tags } = texts;
  if (name !== undefined || type !== undefined) await tx.changes.rename(id, name ?? media.name, type ?? media.type);
  if (description !== undefined) await tx.catalogue.describe(id, description);
  if (texts.protected !== undefined) await tx.protections.set(id, texts.protected);
  if (tags !== undefined) await setTags(tx, caller, tags, { kind: 'media', id });
  const fields = changedFields(texts);
  if (fields.length > 0) await tx.audit.record(caller, { action: 'media.edit', media: id, details: { fields } });
}
