import type { Migration } from '../migration.ts';

/** Tenants of jobs, which are run for one tenant after the other. */
export const jobTenants: Migration = {
  name: '0028-job-tenants',
  up: [
    `alter table jobs add column tenant bigint not null default -1`,
    `alter table jobs alter column tenant drop default`,
    `comment on column jobs.tenant is 'Whose share of the copies it takes: the child of group 0 above the home group of who asked for it, 0 for group 0 itself, -1 without a home; jobs from before count as without'`,
    `create index jobs_due_by_tenant on jobs (tenant, due_at, id) where state = 'started'`,
  ],
  down: [`drop index jobs_due_by_tenant`, `alter table jobs drop column tenant`],
};
