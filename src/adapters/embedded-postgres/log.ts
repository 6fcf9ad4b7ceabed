/** Where the embedded server's life is reported. Messages hold no secrets. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
