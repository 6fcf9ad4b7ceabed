import { isDomainError } from '../../domain/shared/domain-error.ts';

/** What a shell gets to know of commands that look whether all is well. */
export const HEALTHY = 0;
export const FINDINGS = 1;
export const COULD_NOT_LOOK = 2;
export const COULD_NOT_MOVE = 2;

/** Why something failed, with the chain of causes, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = isDomainError(error) ? error.code : error.message;
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}

/** Prints a line of the answer. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a line that is not part of the answer. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
