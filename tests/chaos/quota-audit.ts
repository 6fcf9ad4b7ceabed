import { rowsOf } from '../support/database/test-database.ts';

/**
 * Statements that record each update that increases usage beyond the limit in the same version of
 * the row.
 */
const STATEMENTS = [
  `create table audit (what text not null, used bigint not null, max bigint not null)`,
  `create function audit_usage() returns trigger language plpgsql as $$
   declare
     before bigint := case when tg_op = 'UPDATE' then old.used else 0 end;
     max bigint := coalesce(nullif(new.quota, 0), 9007199254740991);
   begin
     if new.used > before and new.used > max then
       insert into audit values (format('group %s on pool %s', new.group_id, new.pool_id), new.used, max);
     end if;
     return null;
   end $$`,
  `create trigger audit after insert or update on usage for each row execute function audit_usage()`,
  `create function audit_pools() returns trigger language plpgsql as $$
   declare
     max bigint := coalesce(new.capacity, 9007199254740991);
   begin
     if new.used > old.used and new.used > max then
       insert into audit values (format('pool %s', new.id), new.used, max);
     end if;
     return null;
   end $$`,
  `create trigger audit after update on pools for each row execute function audit_pools()`,
];

/**
 * Installs triggers that record every charge beyond a limit in force. A charge that is rolled back
 * leaves no record.
 */
export async function installQuotaAudit(url: string): Promise<void> {
  for (const statement of STATEMENTS) await rowsOf(url, statement);
}

/** Returns the charges that passed a limit. */
export async function chargesPastALimit(url: string): Promise<readonly object[]> {
  return rowsOf(url, 'select * from audit');
}
