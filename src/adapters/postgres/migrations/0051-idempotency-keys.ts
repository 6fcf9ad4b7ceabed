import type { Migration } from '../migration.ts';

/** Idempotency keys of requests, with their answers. */
export const idempotencyKeys: Migration = {
  name: '0051-idempotency-keys',
  up: [
    `create table idempotency_keys (
       user_id bigint not null references users on delete cascade,
       hash bytea not null check (octet_length(hash) = 32),
       fingerprint bytea not null check (octet_length(fingerprint) = 32),
       claim uuid not null,
       created_at timestamptz not null default clock_timestamp(),
       status smallint check (status between 200 and 499),
       answer text check (octet_length(answer) <= 16384),
       primary key (user_id, hash),
       check ((status is null) = (answer is null))
     )`,
    `create index idempotency_keys_of_user on idempotency_keys (user_id, created_at, hash)`,
    `create index idempotency_keys_by_age on idempotency_keys (created_at)`,
    `comment on table idempotency_keys is 'Idempotency keys of requests, with their answers'`,
    `comment on column idempotency_keys.user_id is 'The user who sent the request'`,
    `comment on column idempotency_keys.hash is 'SHA-256 of the key'`,
    `comment on column idempotency_keys.fingerprint is 'SHA-256 of the key, the credentials, the method, the path and the body'`,
    `comment on column idempotency_keys.claim is 'The request that has the key; another one takes it over when it is not answered in time'`,
    `comment on column idempotency_keys.created_at is 'When the request claimed the key'`,
    `comment on column idempotency_keys.status is 'The status of the answer; null while the request is under way'`,
    `comment on column idempotency_keys.answer is 'The headers and the body of the answer, in JSON; null while the request is under way'`,
  ],
  down: [`drop table idempotency_keys`],
};
