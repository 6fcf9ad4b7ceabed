import knexModule, { type Knex } from 'knex';
import { Pool } from 'pg';
import { GatheringSocket } from './gathering-socket.ts';

/** How a replica uses its database. Times in milliseconds. */
export interface DatabaseTerms {
  readonly url: string;
  /** How many connections it opens at most. */
  readonly connections: number;
}

/** The connections of one replica. */
export interface Database {
  readonly pool: Pool;
  /** The same connections, for the schema. */
  readonly knex: Knex;
  /** Ends them all, each when whoever has it gives it back. */
  close(): Promise<void>;
}

/** A request waits this long for a free connection before it is told to come back. */
const ACQUIRE = 5_000;
/** A statement that takes longer is cut off by the server, and by us when the server does not answer. */
const STATEMENT = 15_000;
const ANSWER = 20_000;
/** Waiting for a lock, and sitting idle in a transaction, are bounded so that a stopped replica does not hold up the others. */
const LOCK = 10_000;
const IDLE_IN_TRANSACTION = 15_000;
/** A connection that nobody needed for so long is ended. */
const IDLE = 30_000;

/** Opens the pool of connections. Nothing is connected before the first query. Whoever opens it closes it. */
export function openDatabase({ url, connections }: DatabaseTerms): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: ACQUIRE,
    query_timeout: ANSWER,
    statement_timeout: STATEMENT,
    lock_timeout: LOCK,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    idleTimeoutMillis: IDLE,
    keepAlive: true,
    application_name: 'platter',
    // What is asked before the answer came, as what follows BEGIN is, goes to the server at once.
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  // A connection that breaks is no longer used: whoever has it sees that in its next statement, and when it is idle nobody has to.
  pool.on('connect', (client) => client.on('error', nothing));
  pool.on('error', nothing);

  const knex = knexModule.knex({
    client: 'pg',
    connectionPool: pool,
    // Else the message of an error would hold the bindings, and with them secrets.
    compileSqlOnError: false,
    // What goes wrong is thrown as well, and standard output is for the log.
    log: { warn: nothing, error: nothing, deprecate: nothing, debug: nothing },
  });
  return {
    pool,
    knex,
    async close() {
      await knex.destroy();
      await pool.end();
    },
  };
}

/** The connections to the database at this moment, and what waits for one. */
export interface ConnectionCounts {
  readonly used: number;
  readonly free: number;
  /** How many units of work wait for one. */
  readonly waiting: number;
  /** How many there may be. */
  readonly most: number;
}

/** Counts them without asking the database. */
export function countConnections({ totalCount, idleCount, waitingCount, options }: Pool): ConnectionCounts {
  return { used: totalCount - idleCount, free: idleCount, waiting: waitingCount, most: options.max };
}

function nothing(): void {
  // Said elsewhere.
}
