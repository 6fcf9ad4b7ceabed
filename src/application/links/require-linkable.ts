import type { Caller } from '../../domain/access/caller.ts';
import type { Media } from '../../domain/media/media.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireChange, requireVisible, type ChangeFailure } from '../drives/visible-media.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

export type LinkableFailure = ChangeFailure;

/** Finds an item whose links the caller may see and change: one that it may change itself. */
export async function requireLinkable(tx: Transaction, caller: Caller, id: MediaId): Promise<Media> {
  const visible = await requireVisible(tx, caller, id);
  await requireChange(tx, caller, visible, 'velocity.media.create');
  return visible.media;
}
