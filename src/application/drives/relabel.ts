import type { Caller } from '../../domain/access/caller.ts';
import type { Label } from '../../domain/media/label.ts';
import type { Media } from '../../domain/media/media.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { mediaInUse } from '../media/media-in-use.ts';

/** Fields of a label to change; omitted ones stay. */
export interface LabelChanges {
  readonly text?: string | undefined;
  readonly meta?: Label['meta'] | undefined;
  readonly shareable?: boolean | undefined;
  readonly affinities?: Label['affinities'] | undefined;
}

/** Rolls a rehearsal back. */
class Rehearsed extends Error {}

/**
 * Refuses what `relabel` would refuse, and changes nothing.
 *
 * @throws `definitions-too-large`
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

/** Returns the label of an item. Refuses to end its sharing while several servers have it. */
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
 * Changes the label of an item. The transaction has locked the definitions of the caller, which had
 * `bytesBefore` bytes.
 *
 * @throws `definitions-too-large`
 */
export async function relabel(
  tx: Transaction,
  caller: Caller,
  { id }: Pick<Media, 'id'>,
  { text, meta, shareable, affinities }: LabelChanges,
  bytesBefore: number,
): Promise<void> {
  const label = await requireLabel(tx, { id }, { shareable });
  // A caller who changes no field does not become the owner of the definition.
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
