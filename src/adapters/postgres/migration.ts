/** One step of the schema, in plain SQL; the statements run in order, inside one transaction. */
export interface Migration {
  /** Stays as it is once released: it is how a database knows what it has. */
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}
