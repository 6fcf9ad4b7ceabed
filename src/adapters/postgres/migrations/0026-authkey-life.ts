import type { Migration } from '../migration.ts';

/**
 * Limits the life of an authkey from its login, however often it is rotated, and the number of
 * authkeys per user; the least recently used is deleted.
 */
export const authkeyLife: Migration = {
  name: '0026-authkey-life',
  up: [
    `alter table authkeys
       add column login_at timestamptz not null default clock_timestamp(),
       add column used_at timestamptz not null default clock_timestamp()`,
    `create index authkeys_by_use on authkeys (user_id, used_at, hash)`,
    `drop index authkeys_by_user`,
    `comment on column authkeys.login_at is 'When its user logged in; it is handed on when the key is swapped'`,
    `comment on column authkeys.used_at is 'When it was used last, to the minute'`,
  ],
  down: [
    `create index authkeys_by_user on authkeys (user_id)`,
    `drop index authkeys_by_use`,
    `alter table authkeys drop column login_at, drop column used_at`,
  ],
};
