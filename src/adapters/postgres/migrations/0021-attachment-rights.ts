import type { Migration } from '../migration.ts';

/**
 * Deletes attachments of users without the right to attach: from now on each attachment depends on
 * a right.
 */
export const attachmentRights: Migration = {
  name: '0021-attachment-rights',
  up: [
    `delete from attachments using servers, users, media, groups
     where servers.id = attachments.server_id and users.uuid = servers.owner
       and media.id = attachments.media_id and groups.id = media.group_id
       and not exists (select from library_drives where library_drives.media_id = media.id)
       and not (
         exists (select from grants where grants.user_id = users.id and grants.group_id = any(groups.path)
           and grants.permission = 'velocity.media.list')
         and exists (select from grants where grants.user_id = users.id and grants.group_id = any(groups.path)
           and grants.permission in ('velocity.media.create', 'velocity.vm.alter'))
         and (groups.id = 0 or exists (select from assignments where assignments.group_id = media.group_id
           and assignments.pool_id = media.pool_id and (assignments.can_write or media.type = 'ISO')))
       )`,
    `comment on table attachments is 'Which media a server has, and where. They go when their media are taken out of use, or when the owner of the server loses the right to them'`,
  ],
  down: [
    `comment on table attachments is 'Which media a server has, and where. They go when their media are taken out of use'`,
  ],
};
