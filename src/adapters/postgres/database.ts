import { Pool } from 'pg';
import { GatheringSocket } from './gathering-socket.ts';

/** How a replica uses its database. Times in milliseconds. */
export interface DatabaseTerms {
  readonly url: string;
  /** How many connections it opens at most, all together. */
  readonly connections: number;
  /**
   * Whether a part of them is kept for searches, and a part for what has to go on whatever clients
   * ask: see `partsOf`.
   */
  readonly parted?: boolean;
}

/** The connections of one replica, by what they are for. */
export interface Connections {
  /** For requests, and what they begin. */
  readonly pool: Pool;
  /**
   * For searches, each statement of which is cut off after 2 s; the same connections where they are
   * not parted.
   */
  readonly searches: Pool;
  /** For leases, readiness and upkeep; the same connections where they are not parted. */
  readonly reserved: Pool;
}

/** The connections of one replica, opened. */
export interface Database extends Connections {
  /** Ends them all, each when whoever has it gives it back. */
  close(): Promise<void>;
}

/** A request waits this long for a free connection before it is told to come back. */
const ACQUIRE = 5_000;
/**
 * A statement that takes longer is cut off by the server, and by us when the server does not
 * answer.
 */
const STATEMENT = 15_000;
const ANSWER = 20_000;
/**
 * Waiting for a lock, and sitting idle in a transaction, are bounded so that a stopped replica does
 * not hold up the others.
 */
const SEARCH_STATEMENT = 2_000;
const LOCK = 10_000;
const IDLE_IN_TRANSACTION = 15_000;
/** A connection that nobody needed for so long is ended. */
const IDLE = 30_000;

/** With fewer connections than this there is none to keep apart. */
export const MIN_CONNECTIONS = 4;
/** The part that is kept for searches, and the same for upkeep. */
const KEPT_APART = 1 / 10;

/** Returns how many of `connections` each kind of work has. */
export function partsOf(connections: number): { requests: number; searches: number; reserved: number } {
  const apart = Math.max(1, Math.floor(connections * KEPT_APART));
  return { requests: connections - 2 * apart, searches: apart, reserved: apart };
}

/**
 * Opens the pools of connections. Nothing is connected before the first query. Whoever opens it
 * closes it.
 */
export function openDatabase({ url, connections, parted = false }: DatabaseTerms): Database {
  const parts = parted ? partsOf(connections) : { requests: connections, searches: 0, reserved: 0 };
  const pool = openPool(url, parts.requests, STATEMENT);
  const searches = parted ? openPool(url, parts.searches, SEARCH_STATEMENT) : pool;
  const reserved = parted ? openPool(url, parts.reserved, STATEMENT) : pool;
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
    connectionTimeoutMillis: ACQUIRE,
    query_timeout: ANSWER,
    statement_timeout: statementTimeout,
    lock_timeout: LOCK,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION,
    idleTimeoutMillis: IDLE,
    keepAlive: true,
    application_name: 'platter',
    // What is asked before the answer came, as what follows BEGIN is, goes to the server at once.
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  // A connection that breaks is no longer used: whoever has it sees that in its next statement, and
  // when it is idle nobody has to.
  pool.on('connect', (client) => client.on('error', nothing));
  pool.on('error', nothing);
  return pool;
}

/** The connections to the database at this moment, and what waits for one. */
export interface ConnectionCounts {
  readonly used: number;
  readonly free: number;
  /** How many units of work wait for one. */
  readonly waiting: number;
  /** How many there may be. */
  readonly max: number;
}

/** Counts them without asking the database. */
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

function nothing(): void {
  // Said elsewhere.
}
