import type {
  LoginSession,
  LoginSessionRepository,
  LoginSessionTerms,
  SessionHash,
} from '../../application/ports/login-session-repository.ts';
import type { UserId, UserUuid } from '../../domain/shared/ids.ts';
import { enqueue, firstRow, touch } from './query.ts';
import type { Session } from './session.ts';
import { HOME_PATH, tenantFrom, type HomeRow } from './tenant.ts';

interface LoginSessionRow extends HomeRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly unused: boolean;
}

/** Limits how often a use is recorded. */
const USED_LATELY = `used_at > clock_timestamp() - interval '1 minute'`;

/** Takes how long a session is valid after its last use. */
const IS_VALID = `expires_at > clock_timestamp()
  and used_at > clock_timestamp() - make_interval(secs => ?::double precision)`;

const MAX_FORGOTTEN_AT_ONCE = 1000;

/** Stores sessions in PostgreSQL. Reads the time of the database when a statement runs. */
export class PostgresLoginSessions implements LoginSessionRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(hash: SessionHash, user: UserId, { maxSeconds, maxPerUser }: LoginSessionTerms): Promise<Date> {
    // Serializes inserts for one user, so that each counts all earlier sessions.
    await enqueue(this.#session, 'select from users where id = ? for no key update', [user]);
    const row = await firstRow<{ readonly expires_at: Date }>(
      this.#session,
      `with dropped as (
         delete from login_sessions where hash in (
           select hash from login_sessions where user_id = ? order by used_at desc, hash desc offset ?::bigint
         )
       )
       insert into login_sessions (hash, user_id, expires_at)
       values (?, ?, clock_timestamp() + make_interval(secs => ?::double precision))
       returning expires_at`,
      [user, maxPerUser - 1, toBytes(hash), user, maxSeconds],
    );
    if (row === null) throw new Error('the insert of a session returned no row');
    return row.expires_at;
  }

  async find(hash: SessionHash, { idleSeconds }: LoginSessionTerms): Promise<LoginSession | null> {
    const row = await firstRow<LoginSessionRow>(
      this.#session,
      `select users.id, users.uuid, users.name, not ${USED_LATELY} as unused, ${HOME_PATH}
       from login_sessions join users on users.id = user_id
       where hash = ? and ${IS_VALID}`,
      [toBytes(hash), idleSeconds],
    );
    if (row === null) return null;
    const { name } = row;
    const caller = { id: Number(row.id) as UserId, uuid: row.uuid as UserUuid, name, tenant: tenantFrom(row) };
    return { caller, isUnused: row.unused };
  }

  async use(hash: SessionHash): Promise<void> {
    await touch(
      this.#session,
      `update login_sessions set used_at = clock_timestamp() where hash = ? and not ${USED_LATELY}`,
      [toBytes(hash)],
    );
  }

  async remove(hash: SessionHash): Promise<UserId | null> {
    const row = await firstRow<{ readonly user_id: string }>(
      this.#session,
      'delete from login_sessions where hash = ? returning user_id',
      [toBytes(hash)],
    );
    return row && (Number(row.user_id) as UserId);
  }

  async removeOf(user: UserId): Promise<void> {
    await touch(this.#session, 'delete from login_sessions where user_id = ?', [user]);
  }

  async forgetEnded({ idleSeconds }: LoginSessionTerms): Promise<number> {
    return touch(
      this.#session,
      `delete from login_sessions where hash in (
         select hash from login_sessions where not (${IS_VALID}) limit ${MAX_FORGOTTEN_AT_ONCE} for update skip locked
       )`,
      [idleSeconds],
    );
  }
}

function toBytes(hash: SessionHash): Uint8Array {
  return Buffer.from(hash, 'hex');
}
