import type { PoolClient, QueryResultRow } from 'pg';
import { statementFor, unnamed, type Statement } from './statements.ts';

export type Binding = string | number | boolean | null | Uint8Array | readonly (string | number | null)[];

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}

/** A connection in use by one unit of work. Statements run in the order of the calls. */
export interface Session {
  /** Runs a statement. `?` stands for each binding; arrays are passed as PostgreSQL arrays. */
  query<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>>;
  /**
   * As `query`, but PostgreSQL plans the statement anew for these bindings. For searches, whose
   * best plan depends on which conditions are given.
   */
  queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>>;
  /**
   * As `query`, but PostgreSQL plans the statement once for all bindings. For statements that take
   * longer to plan than to run, and whose best plan does not depend on the bindings.
   */
  queryPlannedOnce<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>>;
  /**
   * Sends a statement without waiting for its result. If it fails, the next statement rejects, or
   * else the unit of work.
   */
  enqueue(sql: string, bindings: readonly Binding[]): void;
}

/**
 * The statements of one transaction. After a failed statement PostgreSQL rolls all of them back.
 */
export class TransactionSession implements Session {
  readonly #client: PoolClient;
  readonly #enqueued: Promise<unknown>[] = [];
  #failure: { readonly error: unknown } | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(statementFor(sql), bindings);
  }

  async queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(unnamed(statementFor(sql)), bindings);
  }

  async queryPlannedOnce<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(statementFor(sql), bindings, sendPlannedOnce);
  }

  async #ask<Row>(
    statement: Statement,
    bindings: readonly Binding[],
    by: typeof send = send,
  ): Promise<QueryResult<Row>> {
    try {
      return await by<Row>(this.#client, statement, bindings);
    } catch (error) {
      // Later errors say only that an earlier statement failed.
      this.#failure ??= { error };
      throw this.#failure.error;
    }
  }

  enqueue(sql: string, bindings: readonly Binding[]): void {
    this.#enqueued.push(this.query(sql, bindings).catch(() => undefined));
  }

  /** Throws the error of the first failed statement, if any has failed so far. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** As `throwIfFailed`, after all enqueued statements have ended. */
  async throwUnlessDone(): Promise<void> {
    await Promise.all(this.#enqueued);
    this.throwIfFailed();
  }
}

const READ_ONLY = 'a statement that changes or locks rows needs a transaction';
const NOT_ALONE = 'more than one statement, or one whose result is not awaited, needs a transaction';

/** Reads outside a transaction. Each statement sees the rows committed before it. */
export class ReadingSession implements Session {
  readonly #client: PoolClient;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Rejects for a statement that changes or locks rows: use a transaction. */
  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(statementFor(sql), bindings);
  }

  /** Rejects as `query` does. */
  async queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(unnamed(statementFor(sql)), bindings);
  }

  /** Rejects as `query` does. */
  async queryPlannedOnce<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(statementFor(sql), bindings, sendPlannedOnce);
  }

  async #ask<Row>(
    statement: Statement,
    bindings: readonly Binding[],
    by: typeof send = send,
  ): Promise<QueryResult<Row>> {
    if (!statement.reads) throw new Error(READ_ONLY);
    const pending = by<Row>(this.#client, statement, bindings);
    this.#pending.add(pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(pending);
    }
  }

  /**
   * Resolves once no statement is under way. The connection is free only then: a statement may
   * still run next to one that failed.
   */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  /** Throws: only statements that change rows are enqueued. */
  enqueue(): never {
    throw new Error(READ_ONLY);
  }
}

/** One statement, which PostgreSQL commits alone. */
export class StatementSession implements Session {
  readonly #client: PoolClient;
  #isSent = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Rejects for a second statement: use a transaction. */
  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(statementFor(sql), bindings);
  }

  /** Rejects as `query` does. */
  async queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    return this.#ask(unnamed(statementFor(sql)), bindings);
  }

  /** Rejects: it takes three statements. */
  async queryPlannedOnce(): Promise<never> {
    return Promise.reject(new Error(NOT_ALONE));
  }

  async #ask<Row>(statement: Statement, bindings: readonly Binding[]): Promise<QueryResult<Row>> {
    if (this.#isSent) throw new Error(NOT_ALONE);
    this.#isSent = true;
    return send<Row>(this.#client, statement, bindings);
  }

  /** Throws: the result of the statement is awaited. */
  enqueue(): never {
    throw new Error(NOT_ALONE);
  }
}

async function send<Row>(
  client: PoolClient,
  { text, name }: Statement,
  bindings: readonly Binding[],
): Promise<QueryResult<Row>> {
  return client.query<Row & QueryResultRow>({ text, name, values: bindings as unknown[] });
}

// Prepared, since pg sends only prepared statements together with those after them.
const PLAN_ONCE = { name: 'plan-once', text: 'set plan_cache_mode = force_generic_plan' };
const PLAN_AS_USUAL = { name: 'plan-as-usual', text: 'reset plan_cache_mode' };

/**
 * Sends a statement as `send` does, between the two that change how it is planned. A rollback
 * changes that back too.
 */
async function sendPlannedOnce<Row>(
  client: PoolClient,
  statement: Statement,
  bindings: readonly Binding[],
): Promise<QueryResult<Row>> {
  const [before, sent, after] = [
    client.query(PLAN_ONCE),
    send<Row>(client, statement, bindings),
    client.query(PLAN_AS_USUAL),
  ];
  await Promise.allSettled([before, sent, after]);
  return sent;
}
