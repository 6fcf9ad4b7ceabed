import type { Migration } from '../migration.ts';

/** Links to items, for clients that cannot log in. */
export const links: Migration = {
  name: '0047-links',
  up: [
    `create table links (
       id uuid primary key,
       hash bytea not null constraint links_hash_unique unique check (octet_length(hash) = 32),
       media_id uuid not null references media on delete cascade,
       creator uuid not null references users (uuid) on delete cascade,
       networks inet[] not null,
       note text not null,
       created_at timestamptz not null default clock_timestamp(),
       expires_at timestamptz not null,
       last_used_at timestamptz,
       bytes_served bigint not null default 0
     )`,
    `create index links_of_media on links (media_id, created_at, id)`,
    `create index links_of_creator on links (creator)`,
    `create index links_by_end on links (expires_at)`,
    `comment on table links is 'Links to items, for clients that cannot log in'`,
    `comment on column links.id is 'The id by which a user revokes it'`,
    `comment on column links.hash is 'SHA-256 of the secret in its URL, which is not stored'`,
    `comment on column links.media_id is 'The item whose bytes it serves'`,
    `comment on column links.creator is 'The UUID of the user whose rights count at each use'`,
    `comment on column links.networks is 'The addresses and networks that may use it; all if empty'`,
    `comment on column links.note is 'The purpose, in the words of the creator'`,
    `comment on column links.created_at is 'When it was created'`,
    `comment on column links.expires_at is 'When it ends'`,
    `comment on column links.last_used_at is 'When it last served bytes, to a few seconds; null if it never did'`,
    `comment on column links.bytes_served is 'How many bytes it has served'`,
  ],
  down: [`drop table links`],
};
