import type { Migration } from '../migration.ts';

/** The group of each job, which outlives its item, for those who list what happened in a group. */
export const jobGroups: Migration = {
  name: '0065-job-groups',
  up: [
    `alter table jobs add column group_id bigint references groups on delete set null`,
    `update jobs set group_id = media.group_id from media
     where media.id = case when operation in ('part', 'move') then jobs.source_media else jobs.target_media end`,
    `create index jobs_of_group on jobs (group_id)`,
    `create index jobs_by_age on jobs (created_at, id)`,
    `comment on column jobs.group_id is 'The group of the item when the job was created; null if that was removed'`,
  ],
  down: [`drop index jobs_by_age`, `drop index jobs_of_group`, `alter table jobs drop column group_id`],
};
