import type { Migration } from '../migration.ts';

/** The API tokens of users. */
export const apiTokens: Migration = {
  name: '0040-api-tokens',
  up: [
    `create table api_tokens (
       id uuid primary key default gen_random_uuid(),
       hash bytea not null constraint api_tokens_hash_unique unique check (octet_length(hash) = 32),
       user_id bigint not null references users on delete cascade,
       name text not null,
       scope text not null check (scope in ('read', 'write', 'admin')),
       group_ids bigint[],
       created_at timestamptz not null default clock_timestamp(),
       expires_at timestamptz,
       used_at timestamptz
     )`,
    `create index api_tokens_by_user on api_tokens (user_id, created_at, id)`,
    `comment on table api_tokens is 'API tokens of users. Expired ones stay until their user deletes them'`,
    `comment on column api_tokens.id is 'Identifies the token to its user'`,
    `comment on column api_tokens.hash is 'SHA-256 of the token, which is not stored'`,
    `comment on column api_tokens.user_id is 'The user that it authenticates'`,
    `comment on column api_tokens.name is 'The name that its user gave it; not unique'`,
    `comment on column api_tokens.scope is 'What it may be used for'`,
    `comment on column api_tokens.group_ids is 'The groups that it reaches, with those below them; may not exist any more. Null for all of its user'`,
    `comment on column api_tokens.created_at is 'The time of its creation'`,
    `comment on column api_tokens.expires_at is 'When it expires; null for never'`,
    `comment on column api_tokens.used_at is 'The time of the last use, to the minute; null before the first'`,
  ],
  down: [`drop table api_tokens`],
};
