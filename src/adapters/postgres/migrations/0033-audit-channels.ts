import type { Migration } from '../migration.ts';

/** The edge names the channels: the database does not list them. */
export const auditChannels: Migration = {
  name: '0033-audit-channels',
  up: [
    `alter table audit_entries drop constraint audit_entries_way_check,
       add constraint audit_entries_way_check check (way ~ '^[a-z]{1,32}$')`,
    `comment on column audit_entries.way is 'The channel: the API of the request; command or system for the program itself'`,
  ],
  down: [
    `update audit_entries set way = 'system' where way not in ('velocity', 'cloudsigma', 'command', 'system')`,
    `alter table audit_entries drop constraint audit_entries_way_check,
       add constraint audit_entries_way_check check (way in ('velocity', 'cloudsigma', 'command', 'system'))`,
    `comment on column audit_entries.way is 'By which dialect somebody asked; command or system where it was the program itself'`,
  ],
};
