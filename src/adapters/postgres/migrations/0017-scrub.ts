import type { Migration } from '../migration.ts';

/** Stores when the bytes of a blob were last verified, and the result. */
export const scrub: Migration = {
  name: '0017-scrub',
  up: [
    `alter table blobs
       add column scrubbed_at timestamptz not null default '-infinity',
       add column damaged_at timestamptz,
       add column damage text check (damage in ('missing', 'too-few', 'too-many', 'unreadable', 'different')),
       add constraint blobs_damage_is_whole check ((damaged_at is null) = (damage is null))`,
    `create index blobs_to_scrub on blobs (pool_id, scrubbed_at, id) where stored_bytes is not null`,
    `create index blobs_damaged on blobs (pool_id, scrubbed_at, id) where damage is not null`,
    `comment on column blobs.scrubbed_at is 'When a scrub last came by, whether there was anything to compare or not; -infinity: never'`,
    `comment on column blobs.damaged_at is 'When its bytes were first found not to be those that came in; null where they are, as far as is known'`,
    `comment on column blobs.damage is 'What was found of them the last time'`,
  ],
  down: [`alter table blobs drop column scrubbed_at, drop column damaged_at, drop column damage`],
};
