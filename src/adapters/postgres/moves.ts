import type { StoredCopy, MoveRepository, LocationLoad } from '../../application/ports/move-repository.ts';
import type { OwnedBlob } from '../../domain/pools/move-plan.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import type { BlobId, MediaId, PoolId } from '../../domain/shared/ids.ts';
import { stateFrom, type PersistedState } from './persisted-names.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

interface BlobRow {
  readonly place: number;
  readonly stored_bytes: string | null;
  readonly sha256: string | null;
  readonly fingerprint: string | null;
}

interface OwnerRow {
  readonly id: MediaId;
  readonly size: string;
  readonly readonly: boolean;
  readonly state: PersistedState;
  readonly attached: boolean;
}

const STORED = `stored_bytes = ?, sha256 = decode(?, 'hex'), fingerprint = ?`;

/** Stores which location has which blob, in PostgreSQL. */
export class PostgresMoves implements MoveRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async writesTo(pool: PoolId): Promise<number | null> {
    const row = await firstRow<{ place: number }>(this.#session, 'select place from pools where id = ?', [pool]);
    return row?.place ?? null;
  }

  async load(pool: PoolId, location: number): Promise<LocationLoad> {
    const row = await firstRow<{ blobs: string; bytes: string }>(
      this.#session,
      'select count(*) as blobs, coalesce(sum(stored_bytes), 0) as bytes from blobs where pool_id = ? and place = ?',
      [pool, location],
    );
    return { blobs: Number(row?.blobs ?? 0), bytes: bytes(Number(row?.bytes ?? 0)) };
  }

  async blobsIn(
    pool: PoolId,
    location: number,
    after: BlobId | null,
    max: number,
  ): Promise<readonly { readonly id: BlobId }[]> {
    return rows<{ id: BlobId }>(
      this.#session,
      `select id from blobs where pool_id = ? and place = ? and (?::uuid is null or id > ?::uuid) order by id limit ?`,
      [pool, location, after, after, max],
    );
  }

  async find(blob: BlobId): Promise<OwnedBlob | null> {
    const row = await firstRow<BlobRow>(
      this.#session,
      `select place, stored_bytes, encode(sha256, 'hex') as sha256, fingerprint from blobs where id = ?`,
      [blob],
    );
    if (row === null) return null;
    const owners = await rows<OwnerRow>(
      this.#session,
      `select id, size, readonly, state, exists (select from attachments where media_id = media.id) as attached
       from media where blob_id = ? order by id`,
      [blob],
    );
    const { stored_bytes: stored, sha256, fingerprint } = row;
    return {
      id: blob,
      location: row.place,
      stored: stored === null ? null : { storedBytes: bytes(Number(stored)), sha256, fingerprint },
      owners: owners.map((owner) => ({
        id: owner.id,
        size: bytes(Number(owner.size)),
        readOnly: owner.readonly,
        state: stateFrom(owner.state),
        attached: owner.attached,
      })),
    };
  }

  /**
   * Locks a blob and its media items. A transaction that starts to share the bytes locks an owner
   * shared and then references the blob: one of the two locks makes it wait.
   */
  async lock(blob: BlobId): Promise<OwnedBlob | null> {
    await rows(this.#session, 'select from media where blob_id = ? order by id for update', [blob]);
    await rows(this.#session, 'select from blobs where id = ? for update', [blob]);
    return this.find(blob);
  }

  async switchOver(blob: OwnedBlob, location: number, copies: readonly StoredCopy[]): Promise<boolean> {
    const stays = copies.some((copy) => copy.blob === blob.id);
    const others = copies.filter((copy) => copy.blob !== blob.id);
    const blockers = await firstRow<{ is_read: boolean; exists: boolean }>(
      this.#session,
      `select exists (select from jobs where source_blob = ?) as is_read, exists (select from blobs where id = any(?::uuid[])) as exists`,
      [blob.id, others.map((copy) => copy.blob)],
    );
    if (blockers?.exists === true || (blockers?.is_read === true && !stays)) return false;

    for (const copy of others) await this.#insertCopy(blob, location, copy);
    const inPlace = copies.find((copy) => copy.blob === blob.id);
    if (inPlace === undefined) {
      await touch(this.#session, 'delete from blobs where id = ?', [blob.id]);
      return true;
    }
    const { storedBytes, sha256, fingerprint } = inPlace.stored;
    // The foreign key updates the media items.
    await touch(this.#session, `update blobs set place = ?, ${STORED} where id = ?`, [
      location,
      storedBytes,
      sha256,
      fingerprint,
      blob.id,
    ]);
    return true;
  }

  async #insertCopy({ id }: OwnedBlob, location: number, { blob, owners, stored }: StoredCopy): Promise<void> {
    await touch(
      this.#session,
      `insert into blobs (id, pool_id, place, stored_bytes, sha256, fingerprint)
       select ?, pool_id, ?, ?, decode(?, 'hex'), ? from blobs where id = ?`,
      [blob, location, stored.storedBytes, stored.sha256, stored.fingerprint, id],
    );
    await touch(this.#session, 'update media set blob_id = ?, place = ? where id = any(?::uuid[])', [
      blob,
      location,
      owners,
    ]);
  }
}
