/** One step of the schema, in plain SQL. The statements run in order, inside one transaction. */
export interface Migration {
  /** Never changes after a release: databases record it. */
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}
