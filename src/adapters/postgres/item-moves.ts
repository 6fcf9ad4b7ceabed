import type {
  ItemMoveRepository,
  MovingCopy,
  NewMovingCopy,
  SwitchOver,
} from '../../application/ports/item-move-repository.ts';
import type { GroupId, InstanceId, MediaId } from '../../domain/shared/ids.ts';
import { mediaFrom, MEDIA_COLUMNS, type MediaRow } from './media-row.ts';
import { firstRow, touch } from './query.ts';
import type { Session } from './session.ts';

/** SQL: whether the bytes of a blob that left a pool are still deleted there, by pool and blob. */
const IS_LEAVING = 'exists (select from media as former where former.pool_id = ? and former.stored_as = ?)';
const STORED = `stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ?`;

/** Stores moves of items between groups and pools in PostgreSQL. */
export class PostgresItemMoves implements ItemMoveRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async changeGroup(id: MediaId, group: GroupId): Promise<void> {
    await touch(this.#session, `update media set group_id = ? where id = ? and state = 'ready'`, [group, id]);
  }

  async insertCopy({ id, item, group, pool, ownsFile }: NewMovingCopy): Promise<boolean> {
    const now = await firstRow<{ has_own: boolean; is_shared: boolean }>(
      this.#session,
      `select blob_id = id as has_own,
         exists (select from media as other where other.blob_id = media.blob_id and other.id <> media.id) as is_shared
       from media where id = ?`,
      [item],
    );
    if (now === null) return false;
    // The row of a blob with the id of the item exists once, in the old pool until the end.
    const keepsId = ownsFile && now.has_own;
    if (keepsId && now.is_shared) return false;
    const blob = ownsFile && !keepsId ? item : id;
    const touched = await touch(
      this.#session,
      `with new_blob as (
         insert into blobs (id, pool_id, place) select ?, id, place from pools where id = ? and not ${IS_LEAVING}
         on conflict do nothing returning id, place
       )
       insert into media (id, pool_id, blob_id, place, stored_as, name, folded_name, type, size, readonly, state, created_by, charged_to, format, virtual_size)
       select ?, ?, new_blob.id, new_blob.place, ?, name, folded_name, type, size, readonly, 'moving', created_by, ?, 'raw', 0
       from media, new_blob where media.id = ?`,
      [blob, pool, pool, blob, id, pool, keepsId ? item : null, group, item],
    );
    return touched === 1;
  }

  async findCopy(id: MediaId): Promise<MovingCopy | null> {
    const row = await firstRow<MediaRow & { readonly charged_to: string }>(
      this.#session,
      `select ${MEDIA_COLUMNS}, charged_to from media where id = ? and state = 'moving'`,
      [id],
    );
    return row === null ? null : { media: mediaFrom(row), group: Number(row.charged_to) as GroupId };
  }

  async isHeld(id: MediaId, holder: InstanceId): Promise<boolean> {
    const row = await firstRow(
      this.#session,
      `select from media where id = ? and state = 'moving' and lease_holder = ?`,
      [id, holder],
    );
    return row !== null;
  }

  async switchOver(order: SwitchOver): Promise<boolean> {
    const { item, copy } = order;
    const keepsId = item.blob === copy.blob;
    if (keepsId && (await this.#isNeeded(order))) return false;
    if (keepsId) await this.#exchangePlaces(order);
    const { storedBytes, sha256, fingerprint } = order.stored;
    // The copy first: its name becomes free in the new pool.
    const former = await firstRow<{ blob_id: string; place: number }>(
      this.#session,
      `update media as copy set state = 'removing', charged_to = null, pool_id = item.pool_id,
         blob_id = case when ? then copy.blob_id else item.blob_id end,
         place = case when ? then copy.place else item.place end,
         settled_at = case when ? > 0 then clock_timestamp() + make_interval(secs => ?) end,
         lease_holder = case when ? > 0 then null else copy.lease_holder end,
         lease_until = case when ? > 0 then null else copy.lease_until end
       from media as item, media as was where copy.id = ? and item.id = ? and was.id = copy.id
       returning was.blob_id, was.place`,
      [keepsId, keepsId, ...Array<number>(4).fill(order.retireSeconds), copy.id, item.id],
    );
    if (former === null) throw new Error(`the copy ${copy.id} of an item that moves is gone`);
    const blob = keepsId ? item.blob : former.blob_id;
    await touch(this.#session, `update blobs set ${STORED} where id = ?`, [storedBytes, sha256, fingerprint, blob]);
    await touch(
      this.#session,
      `update media set pool_id = ?, group_id = ?, blob_id = blobs.id, place = blobs.place from blobs
       where media.id = ? and blobs.id = ?`,
      [copy.pool, order.group, item.id, blob],
    );
    return true;
  }

  /**
   * Whether other items or other jobs need the blob. Transactions that begin to wait for its lock.
   */
  async #isNeeded({ item, job }: SwitchOver): Promise<boolean> {
    await firstRow(this.#session, 'select from blobs where id = ? for update', [item.blob]);
    const other = await firstRow(
      this.#session,
      `select where exists (select from media where blob_id = ? and id <> ?)
         or exists (select from jobs where source_blob = ? and id <> ?)`,
      [item.blob, item.id, item.blob, job],
    );
    return other !== null;
  }

  /**
   * The blob of the item changes its pool, and the one of the copy stands for the bytes it leaves.
   */
  async #exchangePlaces({ item, copy }: SwitchOver): Promise<void> {
    const move = 'update blobs set pool_id = ?, place = ?, scrubbed_at = default where id = ?';
    await touch(this.#session, move, [copy.pool, copy.location, item.blob]);
    await touch(
      this.#session,
      'update blobs set pool_id = ?, place = ? where id = (select blob_id from media where id = ?)',
      [item.pool, item.location, copy.id],
    );
  }
}
