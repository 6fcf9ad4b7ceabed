import {
  CLAIM_SECONDS,
  KEY_HOURS,
  MAX_ANSWER_BYTES,
  MAX_KEYS_PER_USER,
  type IdempotencyRepository,
  type KeyClaim,
} from '../../application/ports/idempotency-repository.ts';
import type { KeptAnswer } from '../../domain/access/idempotency-key.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { enqueue, firstRow, touch } from './query.ts';
import type { Session } from './session.ts';

interface KeyRow {
  readonly is_same: boolean;
  readonly status: number | null;
  readonly answer: string | null;
}

const IS_OLD = `known.created_at < clock_timestamp() - interval '${KEY_HOURS} hours'`;
const IS_STALE = `known.status is null
  and known.created_at < clock_timestamp() - interval '${CLAIM_SECONDS} seconds'`;
const MAX_FORGOTTEN_AT_ONCE = 1000;

/** Stores idempotency keys in PostgreSQL. */
export class PostgresIdempotencyKeys implements IdempotencyRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async claim({ id, user, hash }: KeyClaim, fingerprint: string): Promise<KeptAnswer | null> {
    // Serializes the claims of one user, so that each counts all earlier ones.
    await enqueue(this.#session, 'select from users where id = ? for no key update', [user]);
    await enqueue(
      this.#session,
      `delete from idempotency_keys where user_id = ? and hash in (
         select hash from idempotency_keys where user_id = ? and hash <> ?
         order by created_at desc, hash desc offset ${MAX_KEYS_PER_USER - 1}
       )`,
      [user, user, toBytes(hash)],
    );
    const claimed = await touch(
      this.#session,
      `insert into idempotency_keys as known (user_id, hash, fingerprint, claim) values (?, ?, ?, ?)
       on conflict (user_id, hash) do update
       set fingerprint = excluded.fingerprint, claim = excluded.claim, created_at = excluded.created_at,
         status = null, answer = null
       where ${IS_OLD} or (${IS_STALE})`,
      [user, toBytes(hash), toBytes(fingerprint), id],
    );
    return claimed > 0 ? null : this.#answerOf(user, hash, fingerprint);
  }

  async #answerOf(user: number, hash: string, fingerprint: string): Promise<KeptAnswer> {
    const row = await firstRow<KeyRow>(
      this.#session,
      `select fingerprint = ? as is_same, status, answer from idempotency_keys where user_id = ? and hash = ?`,
      [toBytes(fingerprint), user, toBytes(hash)],
    );
    if (row?.is_same === false) throw new DomainError('idempotency-key-reused');
    if (row === null || row.status === null || row.answer === null) throw new DomainError('idempotency-key-busy');
    return { status: row.status, ...(JSON.parse(row.answer) as Omit<KeptAnswer, 'status'>) };
  }

  async keep({ id, user, hash }: KeyClaim, { status, headers, body }: KeptAnswer): Promise<boolean> {
    const answer = JSON.stringify({ headers, body });
    if (Buffer.byteLength(answer) > MAX_ANSWER_BYTES) {
      throw new Error(`an answer of ${Buffer.byteLength(answer)} bytes is too large to be kept`);
    }
    const kept = await touch(
      this.#session,
      `update idempotency_keys set status = ?, answer = ?
       where user_id = ? and hash = ? and claim = ? and status is null`,
      [status, answer, user, toBytes(hash), id],
    );
    return kept > 0;
  }

  async release({ id, user, hash }: KeyClaim): Promise<void> {
    await touch(
      this.#session,
      'delete from idempotency_keys where user_id = ? and hash = ? and claim = ? and status is null',
      [user, toBytes(hash), id],
    );
  }

  async forgetExpired(): Promise<number> {
    return touch(
      this.#session,
      `delete from idempotency_keys where (user_id, hash) in (
         select user_id, hash from idempotency_keys as known where ${IS_OLD}
         limit ${MAX_FORGOTTEN_AT_ONCE} for update skip locked
       )`,
    );
  }
}

function toBytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}
