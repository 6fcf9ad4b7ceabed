import type { Row } from './errors.ts';

/** One thing that is wrong with a request. */
export interface Fault {
  /** Shown to the client. */
  readonly message: string;
  /** The field at fault, or null. */
  readonly point: string | null;
}

/**
 * A request that breaks the rules of the wire, found before any use case runs, with everything that
 * is wrong with it.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly row: Row;
  readonly faults: readonly Fault[];

  constructor(row: Row, faults: string | readonly Fault[]) {
    const all = typeof faults === 'string' ? [{ message: faults, point: null }] : faults;
    super(all.map(({ message }) => message).join('; '));
    this.row = row;
    this.faults = all;
  }
}
