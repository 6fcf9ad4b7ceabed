import type { Caller } from '../../domain/access/caller.ts';
import type { Label } from '../../domain/media/label.ts';
import type { Media } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { mediaInUse } from './media-in-use.ts';

/** What is to be changed of a label; the rest stays. */
export interface LabelChanges {
  readonly text?: string | undefined;
  readonly meta?: Label['meta'] | undefined;
  readonly shareable?: boolean | undefined;
  readonly affinities?: Label['affinities'] | undefined;
}

/** Ends a rehearsal, so that it leaves nothing behind. */
class Rehearsed extends Error {}

/**
 * Refuses what `relabel` would, and changes nothing.
 *
 * @throws DomainError `definitions-too-large`
 */
export async function rehearseRelabel(
  work: UnitOfWork,
  caller: Caller,
  media: Pick<Media, 'id'>,
  changes: LabelChanges,
): Promise<void> {
  const rehearsal = work.run(async (tx) => {
    await tx.definitions.lock(caller.uuid);
    await relabel(tx, caller, media, changes, await tx.definitions.bytesOf(caller.uuid));
    throw new Rehearsed();
  });
  await rehearsal.catch((error: unknown) => {
    if (!(error instanceof Rehearsed)) throw error;
  });
}

/** Returns the label of media, and refuses to have media on one server that several have. */
export async function requireLabel(
  tx: Transaction,
  { id }: Pick<Media, 'id'>,
  { shareable }: LabelChanges,
): Promise<Label> {
  const found = await tx.labels.find(id);
  if (found === null) throw new DomainError('media-not-found');
  const { label } = found;
  if (label.shareable && shareable === false && (await tx.servers.having(id)).length > 1) {
    throw await mediaInUse(tx, id);
  }
  return label;
}

/**
 * Changes the label of media for a caller whose definitions the transaction has locked, and had
 * `bytesBefore` of them.
 *
 * @throws DomainError `definitions-too-large`
 */
export async function relabel(
  tx: Transaction,
  caller: Caller,
  { id }: Pick<Media, 'id'>,
  { text, meta, shareable, affinities }: LabelChanges,
  bytesBefore: number,
): Promise<void> {
  const label = await requireLabel(tx, { id }, { shareable });
  // Who changes no word of a label does not become its writer.
  if ([text, meta, shareable, affinities].every((change) => change === undefined)) return;
  const relabelled = {
    text: text ?? label.text,
    meta: meta ?? label.meta,
    shareable: shareable ?? label.shareable,
    affinities: affinities ?? label.affinities,
  };
  await tx.labels.store(id, relabelled, caller.uuid);
  await tx.definitions.requireRoom(caller.uuid, bytesBefore);
}
