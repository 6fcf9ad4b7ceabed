import type { Caller } from '../../domain/access/caller.ts';
import type { ItemDetails } from '../../domain/media/media-listing.ts';
import type { Media } from '../../domain/media/media.ts';
import { isOptical } from '../../domain/media/label.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId, TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { changedFields } from '../audit/changed-fields.ts';
import { mediaInUse } from '../media/media-in-use.ts';
import { requireItem } from '../media/view-item.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { requireTags, setTags } from '../tags/set-tags.ts';
import type { UpdateDrive, UpdateDriveFailure } from './update-drive.ts';
import { requireChange, requireIdle, requireVisible } from './visible-media.ts';

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
}

export type EditItemFailure = UpdateDriveFailure | 'name-invalid' | 'media-name-taken';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly updateDrive: Pick<UpdateDrive, 'run'>;
}

/** Changes what an item is called and described as, its protection, its flag and its size. */
export class EditItem {
  readonly #work: UnitOfWork;
  readonly #updateDrive: Pick<UpdateDrive, 'run'>;

  constructor({ work, updateDrive }: Dependencies) {
    this.#work = work;
    this.#updateDrive = updateDrive;
  }

  /**
   * Checks everything that can be refused without moving a byte before it changes the size and the
   * flag, and changes the other fields last. `verify` throws unless the client knows the item as it
   * is; null for any.
   */
  async run(
    caller: Caller,
    id: MediaId,
    { readOnly, size, ...texts }: ItemChanges,
    verify: ((item: ItemDetails) => void) | null,
  ): Promise<ItemDetails> {
    const work = this.#work.onBehalfOf(caller);
    if (readOnly !== undefined || size !== undefined) {
      await work.run(async (tx) => lockForEdit(tx, caller, id, texts, verify));
      await this.#updateDrive.run(caller, id, { readOnly, size });
      return work.run(async (tx) => edit(tx, caller, id, texts, null));
    }
    return work.run(async (tx) => edit(tx, caller, id, texts, verify));
  }
}

type Texts = Omit<ItemChanges, 'readOnly' | 'size'>;

async function edit(
  tx: Transaction,
  caller: Caller,
  id: MediaId,
  texts: Texts,
  verify: ((item: ItemDetails) => void) | null,
): Promise<ItemDetails> {
  const media = await lockForEdit(tx, caller, id, texts, verify);
  const { name, type, description, tags } = texts;
  if (name !== undefined || type !== undefined) await tx.changes.rename(id, name ?? media.name, type ?? media.type);
  if (description !== undefined) await tx.catalogue.describe(id, description);
  if (texts.protected !== undefined) await tx.protections.set(id, texts.protected);
  if (tags !== undefined) await setTags(tx, caller, tags, { kind: 'media', id });
  const fields = changedFields(texts);
  if (fields.length > 0) await tx.audit.record(caller, { action: 'media.edit', media: id, details: { fields } });
  return requireItem(tx, caller, id);
}

async function lockForEdit(
  tx: Transaction,
  caller: Caller,
  id: MediaId,
  { name, type, tags }: Texts,
  verify: ((item: ItemDetails) => void) | null,
): Promise<Media> {
  if (name !== undefined) requireName(name);
  if (type !== undefined) requireName(type);
  const visible = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, visible, 'velocity.media.create');
  if (tags !== undefined) await requireTags(tx, caller, tags);
  await tx.groups.lockShared(visible.group.id);
  const media = await tx.media.lock(id);
  if (media === null) throw new DomainError('media-not-found');
  verify?.(await requireItem(tx, caller, id));
  await requireIdle(tx, media, false);
  if (name !== undefined && name !== media.name && (await tx.labels.namesTaken(media.pool, [name])).has(name)) {
    throw new DomainError('media-name-taken');
  }
  // Servers show optical media and disks on different controllers.
  const changesDevice = type !== undefined && isOptical(type) !== isOptical(media.type);
  if (changesDevice && (await tx.servers.having(id)).length > 0) throw await mediaInUse(tx, id);
  return media;
}
