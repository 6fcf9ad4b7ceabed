import { rowsOf } from '../support/database/test-database.ts';

/** Usage that grew although that left it above the limit in the very same version of its row. */
const STATEMENTS = [
  `create table audit (what text not null, used bigint not null, most bigint not null)`,
  `create function audit_usage() returns trigger language plpgsql as $$
   declare
     before bigint := case when tg_op = 'UPDATE' then old.used else 0 end;
     most bigint := coalesce(nullif(new.quota, 0), 9007199254740991);
   begin
     if new.used > before and new.used > most then
       insert into audit values (format('group %s on pool %s', new.group_id, new.pool_id), new.used, most);
     end if;
     return null;
   end $$`,
  `create trigger audit after insert or update on usage for each row execute function audit_usage()`,
  `create function audit_pools() returns trigger language plpgsql as $$
   declare
     most bigint := coalesce(new.capacity, 9007199254740991);
   begin
     if new.used > old.used and new.used > most then
       insert into audit values (format('pool %s', new.id), new.used, most);
     end if;
     return null;
   end $$`,
  `create trigger audit after update on pools for each row execute function audit_pools()`,
];

/**
 * Makes the database itself write down every charge that passes a limit in force. What is rolled
 * back leaves no trace, since it was not admitted.
 */
export async function installQuotaAudit(url: string): Promise<void> {
  for (const statement of STATEMENTS) await rowsOf(url, statement);
}

/** The charges that passed a limit. */
export async function chargesPastALimit(url: string): Promise<readonly object[]> {
  return rowsOf(url, 'select * from audit');
}
