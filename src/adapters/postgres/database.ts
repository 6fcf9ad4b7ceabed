import { Pool } from 'pg';
import { GatheringSocket } from './gathering-socket.ts';

/** How a replica uses its database. */
export interface DatabaseOptions {
  readonly url: string;
  /** How many connections it opens, of all kinds. */
  readonly maxConnections: number;
  /** Whether searches and maintenance have connections of their own: see `splitConnections`. */
  readonly reserves?: boolean;
}

/** The connections of one replica, by purpose. */
export interface Connections {
  /** For requests and the work that they start. */
  readonly pool: Pool;
  /**
   * For searches, whose statements are cancelled after 2 s. Without a reserve the same as `pool`.
   */
  readonly searches: Pool;
  /** For leases, readiness and maintenance. Without a reserve the same as `pool`. */
  readonly reserved: Pool;
}

/** The open connections of one replica. */
export interface Database extends Connections {
  /** Closes all connections, each once it is released. */
  close(): Promise<void>;
}

/** How long a request waits for a free connection before it is refused. */
const ACQUIRE_TIMEOUT_MS = 5_000;
/**
 * The server cancels a longer statement. If the server does not respond, the query is given up
 * here.
 */
const STATEMENT_TIMEOUT_MS = 15_000;
const QUERY_TIMEOUT_MS = 20_000;
const SEARCH_TIMEOUT_MS = 2_000;
/** Bounds for locks and idle transactions, so that a stopped replica does not block the others. */
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;
/** How long an unused connection stays open. */
const IDLE_TIMEOUT_MS = 30_000;

/** With fewer connections none can be reserved. */
export const MIN_CONNECTIONS = 4;
/** The share reserved for searches, and the same for maintenance. */
const RESERVED_SHARE = 1 / 10;

/** Returns how many connections each kind of work has. */
export function splitConnections(connections: number): { requests: number; searches: number; reserved: number } {
  const reserved = Math.max(1, Math.floor(connections * RESERVED_SHARE));
  return { requests: connections - 2 * reserved, searches: reserved, reserved };
}

/** Creates the pools of connections. Connects with the first query. The caller closes it. */
export function openDatabase({ url, maxConnections, reserves = false }: DatabaseOptions): Database {
  const share = reserves ? splitConnections(maxConnections) : { requests: maxConnections, searches: 0, reserved: 0 };
  const pool = openPool(url, share.requests, STATEMENT_TIMEOUT_MS);
  const searches = reserves ? openPool(url, share.searches, SEARCH_TIMEOUT_MS) : pool;
  const reserved = reserves ? openPool(url, share.reserved, STATEMENT_TIMEOUT_MS) : pool;
  return {
    pool,
    searches,
    reserved,
    async close() {
      await Promise.all(Array.from(new Set([pool, searches, reserved]), async (each) => each.end()));
    },
  };
}

function openPool(url: string, connections: number, statementTimeout: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: statementTimeout,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'platter',
    // Sends statements, such as those after BEGIN, without waiting for the result before them.
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  // A broken connection is not used again: its user gets the error with the next statement, and an
  // idle one has no user.
  pool.on('connect', (client) => client.on('error', ignore));
  pool.on('error', ignore);
  return pool;
}

/** The connections to the database now. */
export interface ConnectionCounts {
  readonly used: number;
  readonly free: number;
  /** How many units of work wait for a connection. */
  readonly waiting: number;
  /** The limit. */
  readonly max: number;
}

/** Counts the connections, without a query. */
export function countConnections({ pool, searches, reserved }: Connections): ConnectionCounts {
  const pools = Array.from(new Set([pool, searches, reserved]));
  const sum = (count: (each: Pool) => number): number => pools.reduce((total, each) => total + count(each), 0);
  return {
    used: sum(({ totalCount, idleCount }) => totalCount - idleCount),
    free: sum(({ idleCount }) => idleCount),
    waiting: sum(({ waitingCount }) => waitingCount),
    max: sum(({ options }) => options.max),
  };
}

function ignore(): void {
  // The next statement reports it.
}
