import type { Migration } from '../migration.ts';

/** The running replicas, and the results of the operator's examinations. */
export const replicas: Migration = {
  name: '0052-replicas',
  up: [
    `create table replicas (
       id uuid primary key,
       version text not null,
       started_at timestamptz not null default clock_timestamp(),
       seen_at timestamptz not null default clock_timestamp()
     )`,
    `create table examinations (
       kind text primary key check (kind in ('doctor', 'scrub')),
       ended_at timestamptz not null,
       result text not null check (result in ('healthy', 'findings', 'incomplete')),
       findings bigint not null check (findings >= 0)
     )`,
    `comment on table replicas is 'The running programs of this installation'`,
    `comment on column replicas.id is 'New at each start of a program'`,
    `comment on column replicas.version is 'The version of the program'`,
    `comment on column replicas.started_at is 'When it started'`,
    `comment on column replicas.seen_at is 'When it last reported that it runs'`,
    `comment on table examinations is 'The last result of each command that examines the installation'`,
    `comment on column examinations.kind is 'The command'`,
    `comment on column examinations.ended_at is 'When it ended'`,
    `comment on column examinations.result is 'healthy, findings, or incomplete when something could not be read or it was stopped'`,
    `comment on column examinations.findings is 'The number of findings, also of those that it repaired'`,
  ],
  down: [`drop table examinations`, `drop table replicas`],
};
