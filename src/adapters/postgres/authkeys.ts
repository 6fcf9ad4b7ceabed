import type { AuthkeyHash, AuthkeyRepository, AuthkeyState } from '../../application/ports/authkey-repository.ts';
import type { UserId, UserUuid } from '../../domain/shared/ids.ts';
import { firstRow, touch } from './query.ts';
import type { Session } from './session.ts';

interface StateRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly holds: boolean;
}

const MOST_FORGOTTEN_AT_ONCE = 1000;

/** Authkeys in PostgreSQL. Time is the database's, read when the statement gets there, not when the transaction began. */
export class PostgresAuthkeys implements AuthkeyRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(hash: AuthkeyHash, user: UserId, lifetimeSeconds: number): Promise<number> {
    const row = await firstRow<{ readonly expires: string }>(
      this.#session,
      `insert into authkeys (hash, user_id, expires_at)
       values (?, ?, to_timestamp(ceil(extract(epoch from clock_timestamp()) + ?::double precision)))
       returning extract(epoch from expires_at)::bigint as expires`,
      [toBytes(hash), user, lifetimeSeconds],
    );
    return Number(row?.expires);
  }

  async find(hash: AuthkeyHash): Promise<AuthkeyState> {
    const row = await firstRow<StateRow>(
      this.#session,
      `select users.id, users.uuid, users.name, expires_at > clock_timestamp() as holds
       from authkeys join users on users.id = user_id
       where hash = ?`,
      [toBytes(hash)],
    );
    if (row === null) return { kind: 'unknown' };
    if (!row.holds) return { kind: 'expired' };
    return { kind: 'valid', caller: { id: Number(row.id) as UserId, uuid: row.uuid as UserUuid, name: row.name } };
  }

  async takeOut(hash: AuthkeyHash): Promise<UserId | null> {
    // The user is kept first: whoever locks it to drop its keys waits, and then sees the key that is made in place of this one.
    const row = await firstRow<{ readonly user_id: string }>(
      this.#session,
      `with holder as materialized (
         select users.id from users join authkeys on user_id = users.id where hash = ? for key share of users
       )
       delete from authkeys using holder
       where hash = ? and user_id = holder.id and expires_at > clock_timestamp()
       returning user_id`,
      [toBytes(hash), toBytes(hash)],
    );
    return row && (Number(row.user_id) as UserId);
  }

  async remove(hash: AuthkeyHash): Promise<UserId | null> {
    const row = await firstRow<{ readonly user_id: string }>(
      this.#session,
      'delete from authkeys where hash = ? returning user_id',
      [toBytes(hash)],
    );
    return row && (Number(row.user_id) as UserId);
  }

  async removeOf(user: UserId): Promise<void> {
    await touch(this.#session, 'delete from authkeys where user_id = ?', [user]);
  }

  async forgetExpired(seconds: number): Promise<number> {
    return touch(
      this.#session,
      `delete from authkeys where hash in (
         select hash from authkeys
         where expires_at < clock_timestamp() - make_interval(secs => ?::double precision)
         order by expires_at limit ${MOST_FORGOTTEN_AT_ONCE} for update skip locked
       )`,
      [seconds],
    );
  }
}

function toBytes(hash: AuthkeyHash): Uint8Array {
  return Buffer.from(hash, 'hex');
}
