import type { PoolClient, QueryResultRow } from 'pg';
import { statementFor, unnamed, type Statement } from './statements.ts';

export type Binding = string | number | boolean | null | Uint8Array | readonly (string | number | null)[];

export interface Answer<Row> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}

/**
 * One connection, while a unit of work has it. Statements are carried out in the order in which
 * they were handed over.
 */
export interface Session {
  /**
   * Runs a statement, in which `?` stands for each binding; arrays are handed over as PostgreSQL
   * arrays.
   */
  query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>>;
  /**
   * As `query`, for one that PostgreSQL plans for these bindings every time: which of them are
   * there decides how it is best carried out.
   */
  queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>>;
  /**
   * As `query`, where nobody waits for the answer: should it fail, so does whatever is asked behind
   * it, and the unit of work at the latest.
   */
  enqueue(sql: string, bindings: readonly Binding[]): void;
}

/**
 * Everything that is asked inside a transaction. Once a statement failed, PostgreSQL undoes them
 * all.
 */
export class TransactionSession implements Session {
  readonly #client: PoolClient;
  readonly #enqueued: Promise<unknown>[] = [];
  #failure: { readonly error: unknown } | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    return this.#ask(statementFor(sql), bindings);
  }

  async queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    return this.#ask(unnamed(statementFor(sql)), bindings);
  }

  async #ask<Row>(statement: Statement, bindings: readonly Binding[]): Promise<Answer<Row>> {
    try {
      return await ask(this.#client, statement, bindings);
    } catch (error) {
      // Whatever comes behind the first that failed says only that something did.
      this.#failure ??= { error };
      throw this.#failure.error;
    }
  }

  enqueue(sql: string, bindings: readonly Binding[]): void {
    this.#enqueued.push(this.query(sql, bindings).catch(() => undefined));
  }

  /**
   * Fails with the failure of the first statement that is known to have failed by now, even if
   * nobody minded.
   */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** As `throwIfFailed`, once every statement was answered. */
  async throwUnlessDone(): Promise<void> {
    await Promise.all(this.#enqueued);
    this.throwIfFailed();
  }
}

const CHANGES_NOTHING = 'a change takes a transaction';

/** Questions one by one, each of which sees what is committed by then. */
export class ReadingSession implements Session {
  readonly #client: PoolClient;
  readonly #asked = new Set<Promise<unknown>>();

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Fails for a statement that would change or lock something: that takes a transaction. */
  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    return this.#ask(statementFor(sql), bindings);
  }

  /** Fails as `query` does. */
  async queryPlanned<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    return this.#ask(unnamed(statementFor(sql)), bindings);
  }

  async #ask<Row>(statement: Statement, bindings: readonly Binding[]): Promise<Answer<Row>> {
    if (!statement.reads) throw new Error(CHANGES_NOTHING);
    const asked = ask<Row>(this.#client, statement, bindings);
    this.#asked.add(asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(asked);
    }
  }

  /**
   * Resolves once no statement is under way, as one may be that was asked beside one that failed:
   * the connection is free only then.
   */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#asked);
  }

  /** Only changes are told. */
  enqueue(): never {
    throw new Error(CHANGES_NOTHING);
  }
}

async function ask<Row>(
  client: PoolClient,
  { text, name }: Statement,
  bindings: readonly Binding[],
): Promise<Answer<Row>> {
  return client.query<Row & QueryResultRow>({ text, name, values: bindings as unknown[] });
}
