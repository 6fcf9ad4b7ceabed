/** Receives reports on the embedded server. Messages contain no secrets. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
