import type { Credential, User, UserRepository } from '../../application/ports/user-repository.ts';
import type { Possession } from '../../domain/access/possessions.ts';
import type { UserSort } from '../../domain/access/user-sort.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { ROOT_USER, type GroupId, type UserId, type UserUuid } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import type { Batch } from '../../domain/shared/page.ts';
import { MAX_BATCH_ITEMS } from './batches.ts';
import { LOCK_POSSESSIONS } from './definitions.ts';
import { KeysetList } from './keyset-list.ts';
import { firstRow, rows, enqueue, touch } from './query.ts';
import type { Session } from './session.ts';
import { HOME_PATH, tenantFrom, type HomeRow } from './tenant.ts';

interface UserRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly created_by: string | null;
}

interface CredentialRow extends UserRow {
  readonly password_hash: string;
  readonly credential_version: number;
}

const COLUMNS = 'id, uuid, name, created_by';
const CREDENTIAL = `${COLUMNS}, password_hash, credential_version`;

const COUNTS: Readonly<Record<Exclude<Possession, 'users'>, string>> = {
  servers: 'select count(*) as had from servers where owner = ?',
  tags: 'select count(*) as had from tags where owner = ?',
  tokens: 'select count(*) as had from api_tokens join users on users.id = user_id where users.uuid = ?',
};

const PAGES = new KeysetList<UserSort>({
  columns: COLUMNS,
  from: 'users',
  where: 'true',
  sorts: { created: { column: 'id', type: 'bigint' }, name: { column: 'name', type: 'text' } },
  id: { column: 'id', type: 'bigint' },
});

/** Stores users in PostgreSQL. */
export class PostgresUsers implements UserRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(name: string, passwordHash: string, createdBy?: UserUuid, origin?: UserUuid): Promise<User> {
    const [row] = await rows<UserRow>(
      this.#session,
      `insert into users (name, password_hash, created_by, origin) values (?, ?, ?, ?) returning ${COLUMNS}`,
      [name, passwordHash, createdBy ?? null, origin ?? null],
    );
    if (row === undefined) throw new Error('the insert of a user returned no row');
    return toUser(row);
  }

  async insertRoot(name: string, passwordHash: string): Promise<boolean> {
    const inserted = await touch(
      this.#session,
      // Root that another replica creates at this moment conflicts by its id or by its name.
      'insert into users (id, name, password_hash) values (?, ?, ?) on conflict do nothing',
      [ROOT_USER, name, passwordHash],
    );
    return inserted === 1;
  }

  async find(id: UserId): Promise<User | null> {
    const row = await firstRow<UserRow>(this.#session, `select ${COLUMNS} from users where id = ?`, [id]);
    return row && toUser(row);
  }

  async findCredential(name: string): Promise<Credential | null> {
    const row = await firstRow<CredentialRow & HomeRow>(
      this.#session,
      `select ${CREDENTIAL}, ${HOME_PATH} from users where name = any(?::text[]) order by name = ? desc limit 1`,
      [[name, name.normalize('NFC')], name],
    );
    if (row === null) return null;
    const { user, ...credential } = toCredential(row);
    return { ...credential, user: { ...user, tenant: tenantFrom(row) } };
  }

  async lockShared(id: UserId): Promise<Credential | null> {
    const row = await firstRow<CredentialRow>(
      this.#session,
      `select ${CREDENTIAL} from users where id = ? for key share`,
      [id],
    );
    return row && toCredential(row);
  }

  async lock(id: UserId): Promise<Credential | null> {
    const row = await firstRow<CredentialRow>(
      this.#session,
      `select ${CREDENTIAL} from users where id = ? for update`,
      [id],
    );
    return row && toCredential(row);
  }

  async changePassword(id: UserId, passwordHash: string): Promise<void> {
    await touch(
      this.#session,
      'update users set password_hash = ?, credential_version = credential_version + 1 where id = ?',
      [passwordHash, id],
    );
  }

  async setHome(id: UserId, group: GroupId): Promise<void> {
    await touch(this.#session, 'update users set home_group_id = ? where id = ?', [group, id]);
  }

  async countPossessions({ uuid }: Pick<User, 'uuid'>, of: Exclude<Possession, 'users'>): Promise<number> {
    await enqueue(this.#session, LOCK_POSSESSIONS, [uuid]);
    const row = await firstRow<{ readonly had: string }>(this.#session, COUNTS[of], [uuid]);
    return Number(row?.had);
  }

  async countFromOrigin({ id }: Pick<User, 'id'>): Promise<{ readonly origin: UserUuid; readonly count: number }> {
    // Does not lock the row of the origin, which may be deleted while users that come from it
    // remain.
    await enqueue(
      this.#session,
      `select pg_advisory_xact_lock(hashtextextended('users of ' || coalesce(origin, uuid), 0)) from users where id = ?`,
      [id],
    );
    const row = await firstRow<{ readonly first: UserUuid; readonly count: string }>(
      this.#session,
      `select first, (select count(*) from users where origin = first) as count
       from (select coalesce(origin, uuid) as first from users where id = ?) as asking`,
      [id],
    );
    if (row === null) throw new DomainError('not-authenticated');
    return { origin: row.first, count: Number(row.count) };
  }

  async list(after: UserId | null = null): Promise<Batch<User, UserId>> {
    const found = await rows<UserRow>(
      this.#session,
      `select ${COLUMNS} from users where id > ? order by id limit ${MAX_BATCH_ITEMS}`,
      [after ?? -1],
    );
    const items = found.map(toUser);
    return { items, last: items[MAX_BATCH_ITEMS - 1]?.id ?? null };
  }

  async page(terms: KeysetTerms<UserSort>): Promise<KeysetPage<User>> {
    return PAGES.page(this.#session, [], terms, toUser);
  }

  async remove(id: UserId): Promise<boolean> {
    return (await touch(this.#session, 'delete from users where id = ?', [id])) === 1;
  }
}

function toUser(row: UserRow): User {
  const createdBy = row.created_by as UserUuid | null;
  return { id: Number(row.id) as UserId, uuid: row.uuid as UserUuid, name: row.name, createdBy };
}

function toCredential(row: CredentialRow): Credential {
  return { user: toUser(row), passwordHash: row.password_hash, version: row.credential_version };
}
