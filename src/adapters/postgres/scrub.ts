import type { ScrubRecord, ScrubRepository, ScrubSelection } from '../../application/ports/scrub-repository.ts';
import type { Damage } from '../../domain/media/damage.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { OWNERS, RECORD_COLUMNS, recordFrom, type RecordRow } from './blob-record.ts';
import { firstRow, rows, touch } from './query.ts';
import type { Session } from './session.ts';

type ScrubRow = RecordRow & { readonly pool_id: string; readonly sha256: string | null };

const COLUMNS = `${RECORD_COLUMNS}, blobs.pool_id, encode(sha256, 'hex') as sha256`;

/** Stores the results of scrubs in PostgreSQL. */
export class PostgresScrub implements ScrubRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async momentAgo(seconds: number): Promise<number> {
    const row = await firstRow<{ moment: number }>(
      this.#session,
      'select extract(epoch from clock_timestamp() - make_interval(secs => ?))::double precision as moment',
      [seconds],
    );
    if (row === null) throw new Error('the database returned no time');
    return row.moment;
  }

  /** Queries pool by pool, so that pools that are left out cost nothing. */
  async due({ pools, before, markedOnly, excluded, max }: ScrubSelection): Promise<readonly ScrubRecord[]> {
    const found = await rows<ScrubRow>(
      this.#session,
      `select ${COLUMNS}
       from unnest(?::bigint[]) as pool (id) cross join lateral (
         select * from blobs where pool_id = pool.id and stored_bytes is not null and scrubbed_at < to_timestamp(?)
           and ${markedOnly ? 'damage is not null' : 'true'} and id <> all(?::uuid[])
         order by scrubbed_at, id limit ?
       ) as blobs ${OWNERS} order by scrubbed_at, blobs.id limit ?`,
      [pools, before, excluded, max, max],
    );
    return found.map(scrubRecordFrom);
  }

  async find(id: BlobId): Promise<ScrubRecord | null> {
    const row = await firstRow<ScrubRow>(
      this.#session,
      `select ${COLUMNS} from blobs ${OWNERS} where blobs.id = ? and stored_bytes is not null`,
      [id],
    );
    return row === null ? null : scrubRecordFrom(row);
  }

  async skip(ids: readonly BlobId[]): Promise<void> {
    await touch(
      this.#session,
      'update blobs set scrubbed_at = clock_timestamp(), damaged_at = null, damage = null where id = any(?::uuid[])',
      [ids],
    );
  }

  async record(record: ScrubRecord, damage: Damage | null, immutable: boolean): Promise<boolean> {
    // Transactions that make a media item writable or delete it lock its row, so the state seen
    // here stays true.
    await rows(this.#session, 'select from media where blob_id = ? order by id for share', [record.id]);
    const touched = await touch(
      this.#session,
      `update blobs set scrubbed_at = clock_timestamp(), damage = ?::text,
         damaged_at = case when ?::text is not null then coalesce(damaged_at, clock_timestamp()) end
       where id = ? and pool_id = ? and place = ? and stored_bytes = ? and sha256 is not distinct from decode(?, 'hex')
         and exists (select from media where blob_id = blobs.id and state in ('ready', 'resizing', 'cloning', 'trashed'))
         and (? or not exists (select from media where blob_id = blobs.id and not readonly))`,
      [damage, damage, record.id, record.pool, record.location, record.storedBytes, record.sha256, immutable],
    );
    return touched === 1;
  }

  async isMarked(id: BlobId): Promise<boolean> {
    return (await firstRow(this.#session, 'select from blobs where id = ? and damage is not null', [id])) !== null;
  }

  async countMarked(pools: readonly PoolId[]): Promise<ReadonlyMap<PoolId, number>> {
    const counted = await rows<{ pool_id: string; marked: string }>(
      this.#session,
      `select pool_id, count(*) as marked from blobs where pool_id = any(?) and damage is not null group by pool_id`,
      [pools],
    );
    const marked = new Map(counted.map((row) => [Number(row.pool_id) as PoolId, Number(row.marked)]));
    return new Map(pools.map((pool) => [pool, marked.get(pool) ?? 0]));
  }
}

function scrubRecordFrom(row: ScrubRow): ScrubRecord {
  return { ...recordFrom(row), pool: Number(row.pool_id) as PoolId, sha256: row.sha256 };
}
