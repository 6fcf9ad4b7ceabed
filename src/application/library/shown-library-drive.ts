import type { Caller } from '../../domain/access/caller.ts';
import type { LibraryDrive } from '../../domain/library/library-drive.ts';
import type { ServerId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A library drive as one user sees it. */
export type ShownLibraryDrive = LibraryDrive & {
  /** The user's servers that have it; those of others are theirs to know. */
  readonly servers: readonly ServerId[];
};

/** These library drives as a caller sees them, in their order; in one query whatever their number. */
export async function shownTo(
  tx: Transaction,
  caller: Caller | null,
  libraryDrives: readonly LibraryDrive[],
): Promise<readonly ShownLibraryDrive[]> {
  const ids = libraryDrives.map(({ id }) => id);
  const uses = caller === null ? null : await tx.servers.usesOf(ids, caller.uuid);
  return libraryDrives.map((one) => ({ ...one, servers: uses?.get(one.id)?.servers ?? [] }));
}
