import type { Pool, PoolClient } from 'pg';
import { foldCase } from '../../domain/shared/fold-case.ts';
import { isWorthRetrying } from './failures.ts';

interface UnfoldedText {
  readonly id: string;
  readonly text: string;
}

/** The statements that find and fold the texts of one column. */
interface FoldedColumn {
  /** Its bindings are the id to start after, and the number of rows. */
  readonly unfolded: string;
  /**
   * Its bindings are ids, texts and folded texts, in the same order. Skips a text that changed
   * meanwhile; the next run folds it.
   */
  readonly fold: string;
}

const FOLDED = 'unnest($1::uuid[], $2::text[], $3::text[]) as folded (id, text, lower)';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const BATCH_SIZE = 1000;

const COLUMNS: readonly FoldedColumn[] = [
  {
    unfolded: `select id, name as text from media where folded_name is null and id > $1 order by id limit $2`,
    fold: `update media set folded_name = lower from ${FOLDED} where media.id = folded.id and name = text`,
  },
  {
    unfolded: `select media_id as id, label as text from media_labels
       where folded_from is distinct from label and media_id > $1 order by media_id limit $2`,
    fold: `update media_labels set folded_label = lower, folded_from = text from ${FOLDED} where media_id = folded.id and label = text`,
  },
  {
    unfolded: `select media_id as id, name as text from library_drives
       where folded_from is distinct from name and media_id > $1 order by media_id limit $2`,
    fold: `update library_drives set folded_name = lower, folded_from = text from ${FOLDED} where media_id = folded.id and name = text`,
  },
];

/**
 * Folds names that were written without `foldCase`: all of them after the migration that added the
 * columns, and those that an older Platter writes during a rolling upgrade. Uses small
 * transactions, so that the other replicas can work meanwhile. Idempotent, and safe on several
 * replicas at once.
 */
export async function foldNames(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (const column of COLUMNS) await foldColumn(client, column);
  } finally {
    client.release();
  }
}

async function foldColumn(client: PoolClient, { unfolded, fold }: FoldedColumn): Promise<void> {
  for (let after = FIRST_ID; ;) {
    const { rows } = await client.query<UnfoldedText>(unfolded, [after, BATCH_SIZE]);
    const last = rows.at(-1);
    if (last === undefined) return;
    const texts = rows.map(({ text }) => text);
    await retryingDeadlocks(() => client.query(fold, [rows.map(({ id }) => id), texts, texts.map(foldCase)]));
    after = last.id;
  }
}

/** Other transactions lock the same rows in another order. */
async function retryingDeadlocks(run: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await run();
      return;
    } catch (error) {
      if (!isWorthRetrying(error)) throw error;
    }
  }
}
