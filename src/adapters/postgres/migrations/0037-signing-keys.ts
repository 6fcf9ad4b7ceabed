import type { Migration } from '../migration.ts';

/** Secrets with which all processes of an installation sign. */
export const signingKeys: Migration = {
  name: '0037-signing-keys',
  up: [
    `create table signing_keys (
       purpose text primary key,
       secret bytea not null check (octet_length(secret) >= 32)
     )`,
    `comment on table signing_keys is 'Keys that all processes share, created by the first one that needs them'`,
    `comment on column signing_keys.purpose is 'The kind of text that is signed with it'`,
    `comment on column signing_keys.secret is 'Random bytes. A new value invalidates all texts that were signed'`,
  ],
  down: [`drop table signing_keys`],
};
