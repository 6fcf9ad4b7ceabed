import type { Migration } from '../migration.ts';

/** Stores the origin of users, to count those that come from a user whom an operator created. */
export const origins: Migration = {
  name: '0030-origins',
  up: [
    `alter table users add column origin uuid`,
    `comment on column users.origin is 'The UUID of the user that an operator made and that this user comes from, made by it or by others that come from it; null for users that an operator made'`,
    // Operators cannot be distinguished from other users who held their permission then, so the
    // users who hold it now count as operators.
    `with recursive operators as (
       select users.uuid from users join grants on grants.user_id = users.id
       where group_id = 0 and permission = 'velocity.user.assign'
     ), made as (
       select id, uuid, uuid as first from users
       where created_by is null or created_by in (select uuid from operators)
         or created_by not in (select uuid from users)
       union all
       select users.id, users.uuid, made.first from users join made on users.created_by = made.uuid
       where made.uuid not in (select uuid from operators)
     )
     update users set origin = made.first from made where made.id = users.id and made.first <> users.uuid`,
    `drop index users_by_maker`,
    `create index users_by_origin on users (origin) where origin is not null`,
  ],
  down: [
    `drop index users_by_origin`,
    `create index users_by_maker on users (created_by) where created_by is not null`,
    `alter table users drop column origin`,
  ],
};
