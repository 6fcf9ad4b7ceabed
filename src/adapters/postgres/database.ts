import knexModule, { type Knex } from 'knex';

/** How a replica uses its database. Times in milliseconds. */
export interface DatabaseTerms {
  readonly url: string;
  /** How many connections it opens at most. */
  readonly connections: number;
}

/** A request waits this long for a free connection before it is told to come back. */
const ACQUIRE = 5_000;
/** A statement that takes longer is cut off by the server, and by us when the server does not answer. */
const STATEMENT = 15_000;
const ANSWER = 20_000;
/** Waiting for a lock, and sitting idle in a transaction, are bounded so that a stopped replica does not hold up the others. */
const LOCK = 10_000;
const IDLE_IN_TRANSACTION = 15_000;

/** Opens the pool of connections. Nothing is connected before the first query. Whoever opens it destroys it. */
export function openDatabase({ url, connections }: DatabaseTerms): Knex {
  return knexModule.knex({
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: ACQUIRE,
      query_timeout: ANSWER,
      statement_timeout: STATEMENT,
      options: `-c lock_timeout=${LOCK}`,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
      keepAlive: true,
      application_name: 'platter',
    },
    pool: { min: 0, max: connections, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: ACQUIRE,
    // Else the message of an error would hold the bindings, and with them secrets.
    compileSqlOnError: false,
    // What goes wrong is thrown as well, and standard output is for the log.
    log: { warn: nothing, error: nothing, deprecate: nothing, debug: nothing },
  });
}

/** The connections to the database at this moment, and what waits for one. */
export interface ConnectionCounts {
  readonly used: number;
  readonly free: number;
  /** How many transactions wait for one. */
  readonly waiting: number;
  /** How many there may be. */
  readonly most: number;
}

/** Counts them without asking the database. */
export function countConnections(knex: Knex): ConnectionCounts {
  const { pool } = knex.client as { readonly pool: KnexPool };
  return { used: pool.numUsed(), free: pool.numFree(), waiting: pool.numPendingAcquires(), most: pool.max };
}

/** What knex keeps connections in, as far as it is needed here: its own types leave it out. */
interface KnexPool {
  readonly max: number;
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

function nothing(): void {
  // Said elsewhere.
}
