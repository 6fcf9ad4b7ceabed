import type { Migration } from '../migration.ts';

/**
 * Stores whether images are encrypted, and the derived capacity of pools without a configured one.
 */
export const encryptionAndDerivedCapacity: Migration = {
  name: '0024-encryption-and-derived-capacity',
  up: [
    `alter table media add column encrypted boolean not null default false`,
    `comment on column media.encrypted is 'Whether its content can be read with a key only, as far as its format says'`,
    `update media set encrypted = true where format = 'luks'`,
    `alter table pools add column derived_capacity bigint check (derived_capacity between 0 and 9007199254740991)`,
    `comment on column pools.derived_capacity is
       'The bytes that it may hold where capacity is null, derived from the size of its filesystem; null for no limit'`,
  ],
  down: [`alter table media drop column encrypted`, `alter table pools drop column derived_capacity`],
};
