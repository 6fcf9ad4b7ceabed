import type {
  AuthkeyHash,
  AuthkeyRepository,
  AuthkeyState,
  AuthkeyTerms,
  ConsumedAuthkey,
} from '../../application/ports/authkey-repository.ts';
import type { UserId, UserUuid } from '../../domain/shared/ids.ts';
import { firstRow, enqueue, touch } from './query.ts';
import type { Session } from './session.ts';
import { HOME_PATH, tenantFrom, type HomeRow } from './tenant.ts';

interface StateRow extends HomeRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly holds: boolean;
  readonly unused: boolean;
}

/** Limits how often a use is recorded. */
const USED_LATELY = `used_at > clock_timestamp() - interval '1 minute'`;

const MAX_FORGOTTEN_AT_ONCE = 1000;

/**
 * Stores authkeys in PostgreSQL. Reads the database's time when a statement runs, not when its
 * transaction began.
 */
export class PostgresAuthkeys implements AuthkeyRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(hash: AuthkeyHash, user: UserId, terms: AuthkeyTerms, loginAt: string | null): Promise<number> {
    const { lifetimeSeconds, maxSecondsSinceLogin, maxPerUser } = terms;
    // Serializes inserts for one user, so that each counts all earlier keys.
    await enqueue(this.#session, 'select from users where id = ? for no key update', [user]);
    const row = await firstRow<{ readonly expires: string }>(
      this.#session,
      `with dropped as (
         delete from authkeys where hash in (
           select hash from authkeys where user_id = ? order by used_at desc, hash desc offset ?::bigint
         )
       ), login as (
         select extract(epoch from clock_timestamp()) as now, coalesce(?::timestamptz, clock_timestamp()) as at
       )
       insert into authkeys (hash, user_id, login_at, expires_at)
       select ?, ?, at, to_timestamp(ceil(least(
         now + ?::double precision, extract(epoch from at) + ?::double precision
       ))) from login
       returning extract(epoch from expires_at)::bigint as expires`,
      [user, maxPerUser - 1, loginAt, toBytes(hash), user, lifetimeSeconds, maxSecondsSinceLogin],
    );
    return Number(row?.expires);
  }

  async find(hash: AuthkeyHash): Promise<AuthkeyState> {
    const row = await firstRow<StateRow>(
      this.#session,
      `select users.id, users.uuid, users.name, expires_at > clock_timestamp() as holds, not ${USED_LATELY} as unused,
              ${HOME_PATH}
       from authkeys join users on users.id = user_id
       where hash = ?`,
      [toBytes(hash)],
    );
    if (row === null) return { kind: 'unknown' };
    if (!row.holds) return { kind: 'expired' };
    const caller = {
      id: Number(row.id) as UserId,
      uuid: row.uuid as UserUuid,
      name: row.name,
      tenant: tenantFrom(row),
    };
    return { kind: 'valid', caller, isUnused: row.unused };
  }

  async consume(hash: AuthkeyHash): Promise<ConsumedAuthkey | null> {
    // Locks the user shared first: a transaction that locks it to revoke its keys waits, and then
    // sees the key that replaces this one.
    const row = await firstRow<{ readonly user_id: string; readonly login: string }>(
      this.#session,
      `with holder as materialized (
         select users.id from users join authkeys on user_id = users.id where hash = ? for key share of users
       )
       delete from authkeys using holder
       where hash = ? and user_id = holder.id and expires_at > clock_timestamp()
       returning user_id, login_at::text as login`,
      [toBytes(hash), toBytes(hash)],
    );
    return row && { user: Number(row.user_id) as UserId, loginAt: row.login };
  }

  async use(hash: AuthkeyHash): Promise<void> {
    await touch(
      this.#session,
      `update authkeys set used_at = clock_timestamp() where hash = ? and not ${USED_LATELY}`,
      [toBytes(hash)],
    );
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
         order by expires_at limit ${MAX_FORGOTTEN_AT_ONCE} for update skip locked
       )`,
      [seconds],
    );
  }
}

function toBytes(hash: AuthkeyHash): Uint8Array {
  return Buffer.from(hash, 'hex');
}
