import { isDomainError } from '../../domain/shared/domain-error.ts';

/** The exit codes of the commands that examine or move. */
export const HEALTHY = 0;
export const FINDINGS = 1;
export const COULD_NOT_LOOK = 2;
export const COULD_NOT_MOVE = 2;

/** The result of an examination by its exit code. */
export const RESULTS = { [HEALTHY]: 'healthy', [FINDINGS]: 'findings', [COULD_NOT_LOOK]: 'incomplete' } as const;

/** Returns the exit code of an examination. */
export function exitCodeOf(unchecked: readonly unknown[], findings: number): keyof typeof RESULTS {
  if (unchecked.length > 0) return COULD_NOT_LOOK;
  return findings > 0 ? FINDINGS : HEALTHY;
}

/** Returns the message of an error with its chain of causes, on one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = isDomainError(error) ? error.code : error.message;
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}

/** Prints a line of the result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a line that is not part of the result. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
