import { rowsOf } from '../database/test-database.ts';
import { until } from './until.ts';

/** A latch: `opened` resolves once `open` is called. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Resolves once `waiting` transactions of this database wait for a lock. */
export async function untilBlocked(url: string, waiting = 1): Promise<void> {
  await until(`${waiting} transactions wait for a lock`, async () => {
    const blocked = await rowsOf(
      url,
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return blocked.length >= waiting;
  });
}
