import type { Migration } from '../migration.ts';

const STATES_BEFORE = `check (state in ('creating', 'uploading', 'cloning', 'resizing', 'ready', 'removing'))`;
const STATES = `check (state in ('creating', 'uploading', 'cloning', 'parting', 'resizing', 'ready', 'removing'))`;

/** The state of copies that give an item bytes of its own. */
export const privateCopies: Migration = {
  name: '0015-private-copies',
  up: [
    `alter table media drop constraint media_state_check, add constraint media_state_check ${STATES}`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state in ('parting', 'removing')))`,
    `comment on column media.state is 'creating, uploading and cloning, then ready, with resizing in between, then removing; parting is what holds a private copy until it is made, then removing too'`,
    `comment on column media.group_id is 'The group it belongs to and counts for; null while it holds a private copy or is being removed'`,
    `alter table jobs drop constraint jobs_operation_check, add constraint jobs_operation_check check (operation in ('clone', 'part'))`,
    `comment on column jobs.operation is 'clone, or part: give the source bytes that it shares with nobody'`,
  ],
  down: [
    `comment on column jobs.operation is 'What is done'`,
    `delete from jobs where operation = 'part'`,
    `alter table jobs drop constraint jobs_operation_check, add constraint jobs_operation_check check (operation in ('clone'))`,
    `comment on column media.group_id is 'The group it belongs to and counts for; null while it is being removed'`,
    `comment on column media.state is 'creating, uploading and cloning, then ready, with resizing in between, then removing'`,
    `update media set state = 'removing' where state = 'parting'`,
    `alter table media drop constraint media_owned_until_removal, add constraint media_owned_until_removal
       check ((group_id is null) = (state = 'removing'))`,
    `alter table media drop constraint media_state_check, add constraint media_state_check ${STATES_BEFORE}`,
  ],
};
