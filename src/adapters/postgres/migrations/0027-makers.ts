import type { Migration } from '../migration.ts';

/** How many users a user has made is counted each time that it makes one. */
export const makers: Migration = {
  name: '0027-makers',
  up: [`create index users_by_maker on users (created_by) where created_by is not null`],
  down: [`drop index users_by_maker`],
};
