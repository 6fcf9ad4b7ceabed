import type {
  ApiTokenRepository,
  NewToken,
  TokenHash,
  ValidToken,
} from '../../application/ports/api-token-repository.ts';
import type { ApiToken, PresentedToken, TokenId, TokenScope } from '../../domain/access/api-token.ts';
import type { GroupId, UserId, UserUuid } from '../../domain/shared/ids.ts';
import type { KeysetPage, KeysetTerms } from '../../domain/shared/keyset.ts';
import { KeysetList } from './keyset-list.ts';
import { firstRow, touch } from './query.ts';
import type { Session } from './session.ts';
import { HOME_PATH, tenantFrom, type HomeRow } from './tenant.ts';

interface TokenRow {
  readonly token_id: string;
  readonly scope: TokenScope;
  readonly group_ids: readonly string[] | null;
}

interface ListedTokenRow extends TokenRow {
  readonly token_name: string;
  readonly created: string;
  readonly expires: string | null;
  readonly used: string | null;
}

interface ValidTokenRow extends TokenRow, HomeRow {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly unused: boolean;
}

/** Limits how often a use is recorded. */
const USED_LATELY = `coalesce(used_at > clock_timestamp() - interval '1 minute', false)`;

const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const TOKEN = 'api_tokens.id as token_id, scope, group_ids';
const COLUMNS = `${TOKEN}, name as token_name, ${iso('created_at')} as created, ${iso('expires_at')} as expires,
  ${iso('used_at')} as used`;

const PAGES = new KeysetList<'created'>({
  columns: COLUMNS,
  from: 'api_tokens',
  where: 'user_id = ?',
  sorts: { created: { column: 'created_at', type: 'timestamptz' } },
  id: { column: 'id', type: 'uuid' },
});

/** Stores API tokens in PostgreSQL. Reads the time of the database when a statement runs. */
export class PostgresApiTokens implements ApiTokenRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async insert(hash: TokenHash, user: UserId, { name, scope, groups, expiresAt }: NewToken): Promise<ApiToken> {
    const row = await firstRow<ListedTokenRow>(
      this.#session,
      `insert into api_tokens (hash, user_id, name, scope, group_ids, expires_at)
       values (?, ?, ?, ?, ?::bigint[], ?::timestamptz) returning ${COLUMNS}`,
      [toBytes(hash), user, name, scope, groups, expiresAt?.toISOString() ?? null],
    );
    if (row === null) throw new Error('the insert of a token returned no row');
    return toToken(row);
  }

  async find(hash: TokenHash): Promise<ValidToken | null> {
    const row = await firstRow<ValidTokenRow>(
      this.#session,
      `select ${TOKEN}, users.id, users.uuid, users.name, not ${USED_LATELY} as unused, ${HOME_PATH}
       from api_tokens join users on users.id = user_id
       where hash = ? and (expires_at is null or expires_at > clock_timestamp())`,
      [toBytes(hash)],
    );
    if (row === null) return null;
    const { name } = row;
    const token = toPresentedToken(row);
    const user = { id: Number(row.id) as UserId, uuid: row.uuid as UserUuid, name, tenant: tenantFrom(row) };
    return { caller: { ...user, token }, token, isUnused: row.unused };
  }

  async use(hash: TokenHash): Promise<void> {
    await touch(
      this.#session,
      `update api_tokens set used_at = clock_timestamp() where hash = ? and not ${USED_LATELY}`,
      [toBytes(hash)],
    );
  }

  async page(user: UserId, terms: KeysetTerms<'created'>): Promise<KeysetPage<ApiToken>> {
    return PAGES.page(this.#session, [user], terms, toToken);
  }

  async remove(user: UserId, id: TokenId): Promise<boolean> {
    return (await touch(this.#session, 'delete from api_tokens where user_id = ? and id = ?', [user, id])) === 1;
  }
}

function toPresentedToken({ token_id, scope, group_ids }: TokenRow): PresentedToken {
  return { id: token_id as TokenId, scope, groups: group_ids?.map((id) => Number(id) as GroupId) ?? null };
}

function toToken(row: ListedTokenRow): ApiToken {
  return {
    ...toPresentedToken(row),
    name: row.token_name,
    createdAt: row.created,
    expiresAt: row.expires,
    lastUsedAt: row.used,
  };
}

function toBytes(hash: TokenHash): Uint8Array {
  return Buffer.from(hash, 'hex');
}
