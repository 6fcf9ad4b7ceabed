import type { PoolClient, QueryResultRow } from 'pg';
import { statementFor, type Statement } from './statements.ts';

export type Binding = string | number | boolean | null | Uint8Array | readonly (string | number)[];

export interface Answer<Row> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}

/** One connection, while a unit of work has it. */
export interface Session {
  /** Runs a statement, in which `?` stands for each binding; arrays are handed over as PostgreSQL arrays. */
  query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>>;
}

/** Everything that is asked inside a transaction. Once a statement failed, PostgreSQL undoes them all. */
export class TransactionSession implements Session {
  readonly #client: PoolClient;
  #failure: { readonly error: unknown } | null = null;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    try {
      return await ask(this.#client, statementFor(sql), bindings);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  /** Fails with the failure of the first statement that failed, even if nobody minded. */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** Questions one by one, each of which sees what is committed by then. */
export class ReadingSession implements Session {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Fails for a statement that would change or lock something: that takes a transaction. */
  async query<Row>(sql: string, bindings: readonly Binding[]): Promise<Answer<Row>> {
    const statement = statementFor(sql);
    if (!statement.reads) throw new Error('a change takes a transaction');
    return ask(this.#client, statement, bindings);
  }
}

async function ask<Row>(
  client: PoolClient,
  { text, name }: Statement,
  bindings: readonly Binding[],
): Promise<Answer<Row>> {
  return client.query<Row & QueryResultRow>({ text, name, values: bindings as unknown[] });
}
