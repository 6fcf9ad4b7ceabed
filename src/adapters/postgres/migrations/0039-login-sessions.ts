import type { Migration } from '../migration.ts';

/** The sessions of browsers that logged in. */
export const loginSessions: Migration = {
  name: '0039-login-sessions',
  up: [
    `create table login_sessions (
       hash bytea primary key check (octet_length(hash) = 32),
       user_id bigint not null references users on delete cascade,
       created_at timestamptz not null default clock_timestamp(),
       used_at timestamptz not null default clock_timestamp(),
       expires_at timestamptz not null
     )`,
    `create index login_sessions_by_use on login_sessions (user_id, used_at, hash)`,
    `comment on table login_sessions is 'Sessions of browsers that logged in. A session that was not used for long is not valid any more'`,
    `comment on column login_sessions.hash is 'SHA-256 of the secret in the cookie, which is not stored'`,
    `comment on column login_sessions.user_id is 'The user who logged in'`,
    `comment on column login_sessions.created_at is 'The time of the login'`,
    `comment on column login_sessions.used_at is 'The time of the last use, to the minute'`,
    `comment on column login_sessions.expires_at is 'When it ends, however often it is used'`,
  ],
  down: [`drop table login_sessions`],
};
