import type { ProfileRepository } from '../../application/ports/profile-repository.ts';
import type { CloneNaming, Profile, ProfileChanges } from '../../domain/access/profile.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { firstRow } from './query.ts';
import type { Session } from './session.ts';

interface ProfileRow {
  readonly first_name: string;
  readonly last_name: string;
  readonly clone_naming: CloneNaming;
  readonly created_at: Date;
}

const COLUMNS = 'first_name, last_name, clone_naming, created_at';

/** Stores profiles in PostgreSQL, in columns of the users. */
export class PostgresProfiles implements ProfileRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async find(user: UserId): Promise<Profile | null> {
    const row = await firstRow<ProfileRow>(this.#session, `select ${COLUMNS} from users where id = ?`, [user]);
    return row && toProfile(row);
  }

  async change(user: UserId, { firstName, lastName, cloneNaming }: ProfileChanges): Promise<Profile | null> {
    const row = await firstRow<ProfileRow>(
      this.#session,
      `update users set first_name = coalesce(?, first_name), last_name = coalesce(?, last_name),
         clone_naming = coalesce(?, clone_naming)
       where id = ? returning ${COLUMNS}`,
      [firstName ?? null, lastName ?? null, cloneNaming ?? null, user],
    );
    return row && toProfile(row);
  }
}

function toProfile(row: ProfileRow): Profile {
  return {
    firstName: row.first_name,
    lastName: row.last_name,
    cloneNaming: row.clone_naming,
    since: row.created_at,
  };
}
