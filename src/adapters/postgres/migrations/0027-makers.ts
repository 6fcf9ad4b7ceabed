import type { Migration } from '../migration.ts';

/** An index to count the users that a user has created. */
export const makers: Migration = {
  name: '0027-makers',
  up: [`create index users_by_maker on users (created_by) where created_by is not null`],
  down: [`drop index users_by_maker`],
};
