import type { Migration } from '../migration.ts';

/**
 * Stores the creator of a user and the giver of a grant, so that only grants with authority decide
 * where new drives are placed.
 */
export const homeGroups: Migration = {
  name: '0022-home-groups',
  up: [
    `alter table users add column created_by uuid, add column home_group_id bigint`,
    `comment on column users.created_by is 'The UUID of the user who made it; null for the operator'`,
    `comment on column users.home_group_id is 'The home group that was set; null where none ever was. Stays when the group is removed, so that no other group becomes the home unasked'`,
    // Older grants count as given by the operator.
    `alter table grants
       add column given_by uuid,
       add column given_at timestamptz,
       add column decides_home boolean not null default true`,
    `alter table grants alter column decides_home drop default`,
    `comment on column grants.given_by is 'The UUID of the user who gave it; null for the operator'`,
    `comment on column grants.given_at is 'When it was given; null for before this was recorded'`,
    `comment on column grants.decides_home is 'Whether its giver made the user, is the operator, or held user.assign on the root: no other grant decides the home group'`,
  ],
  down: [
    `alter table grants drop column given_by, drop column given_at, drop column decides_home`,
    `alter table users drop column created_by, drop column home_group_id`,
  ],
};
