import type { Caller } from '../../domain/access/caller.ts';
import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import { isOptical } from '../../domain/media/label.ts';
import type { Server } from '../../domain/servers/server.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId, ServerId } from '../../domain/shared/ids.ts';
import type { RemoveDrives, RemoveDrivesFailure } from '../drives/remove-drives.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** The attached items to remove together with a server. Library drives always stay. */
export type MediaToRemove = 'none' | 'disks' | 'optical' | 'all';

export type RemoveServerFailure = 'server-not-found' | RemoveDrivesFailure;

/** Removes a server, and attached items if requested: all or nothing. */
export class RemoveServer {
  readonly #removeMedia: RemoveDrives;

  constructor(removeMedia: RemoveDrives) {
    this.#removeMedia = removeMedia;
  }

  /**
   * `id` is null for a string that cannot be an id.
   *
   * @throws `server-not-found`, and what the removal of the items throws
   */
  async run(caller: Caller, id: ServerId | null, which: MediaToRemove): Promise<void> {
    await this.#removeMedia.within(caller, async (tx, remove) => {
      const server = id === null ? null : await tx.servers.lock(id, caller.uuid);
      if (server === null) throw new DomainError('server-not-found');
      const removed = await mediaToRemove(tx, server, which);
      await remove(removed);
      const left = mediaOf(server).filter((media) => !removed.includes(media));
      const detached = left.map((media): AuditEvent => ({ action: 'media.detach', media, server: server.id }));
      await tx.audit.record(caller, { action: 'server.remove', server: server.id }, ...detached);
      await tx.servers.remove(server.id);
    });
  }
}

/** Lists each item once, even if it is attached several times. */
function mediaOf({ attachments }: Server): readonly MediaId[] {
  return [...new Set(attachments.map(({ media }) => media))];
}

async function mediaToRemove(tx: Transaction, server: Server, which: MediaToRemove): Promise<readonly MediaId[]> {
  const removed: MediaId[] = [];
  for (const id of mediaOf(server)) {
    const media = which === 'none' ? null : await tx.media.find(id);
    if (media === null || (await tx.library.has(id))) continue;
    if (which === 'all' || (which === 'optical') === isOptical(media.type)) removed.push(id);
  }
  return removed;
}
