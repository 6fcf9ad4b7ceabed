/** The exit codes of the command line (docs/cli.md#exit-codes). */
export const EXIT = {
  failed: 1,
  usage: 2,
  notFound: 3,
  noRights: 4,
  noSpace: 5,
  network: 6,
  /** As a shell reports a program that SIGINT ended. */
  interrupted: 130,
} as const;

export type ExitReason = keyof typeof EXIT;

/** Why a command failed, for its user: what is wrong, then what to do. */
export class CommandFailure extends Error {
  readonly reason: ExitReason;
  /** A sentence that says what to do, or null. */
  readonly advice: string | null;

  constructor(reason: ExitReason, message: string, advice: string | null = null, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.advice = advice;
  }
}
