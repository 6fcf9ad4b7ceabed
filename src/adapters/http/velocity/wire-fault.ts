import type { Row } from './errors.ts';

/** A request that breaks the rules of the wire, found before any use case runs. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
  readonly row: Row;

  /** `reason` is shown to the client. */
  constructor(row: Row, reason: string) {
    super(reason);
    this.row = row;
  }
}
