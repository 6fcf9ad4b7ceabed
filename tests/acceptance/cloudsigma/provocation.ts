import type { PROTOCOL_ERRORS, ERROR_CODES } from '../../../src/adapters/http/cloudsigma/errors.ts';
import type { AnyAnswer } from '../velocity/provocation.ts';
import type { CloudScene } from './cloud.ts';

export type Row = keyof typeof ERROR_CODES | keyof typeof PROTOCOL_ERRORS;
export type Provoke = (scene: CloudScene) => Promise<AnyAnswer>;

/**
 * A request that provokes an error: the row of the table, its type and status, its message, when it
 * occurs, and the request.
 */
export type Provocation = readonly [
  row: Row,
  type: string,
  status: number,
  says: RegExp,
  when: string,
  provoke: Provoke,
];

export function row(...provocation: Provocation): Provocation {
  return provocation;
}
