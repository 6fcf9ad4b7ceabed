import type { Migration } from '../migration.ts';

/**
 * Composes the names of users to NFC. A name whose composed form another user has stays as it is,
 * and is found as it is. Databases in another encoding than UTF-8 cannot compose, and have next to
 * nothing to compose.
 */
export const composedNames: Migration = {
  name: '0025-composed-names',
  up: [
    `do $$ begin
       if getdatabaseencoding() = 'UTF8' then
         update users set name = normalize(name, NFC)
         where name is not NFC normalized and octet_length(normalize(name, NFC)) <= 255
           and not exists (
             select from users as other
             where other.id <> users.id and normalize(other.name, NFC) = normalize(users.name, NFC)
               and (other.name is NFC normalized or other.id < users.id)
           );
       end if;
     end $$`,
    `comment on column users.name is 'Unique; in NFC, but for a few from before; holds no colon, for Basic authentication'`,
  ],
  down: [`comment on column users.name is 'Unique; holds no colon, for Basic authentication'`],
};
