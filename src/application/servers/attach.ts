import type { Caller } from '../../domain/access/caller.ts';
import type { Action, AuditEvent } from '../../domain/audit/audit-event.ts';
import { isOptical } from '../../domain/media/label.ts';
import {
  attachmentError,
  slotFaults,
  timesAttached,
  type AttachmentError,
  type Candidate,
} from '../../domain/servers/attachment-rules.ts';
import type { Attachment, Server } from '../../domain/servers/server.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { requireIdle } from '../drives/visible-media.ts';
import { requireUnmoved } from '../media/require-unmoved.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { requireAttachRights } from './require-attach-rights.ts';

/** An item to attach; its id is null for a string that cannot be one. */
export type WantedAttachment = Omit<Attachment, 'media'> & { readonly media: MediaId | null };

export type AttachFailure =
  AttachmentError | 'attachment-not-found' | 'permission-missing' | 'slots-invalid' | 'not-writer' | 'media-busy';

/** The wanted attachments of a server that the caller has locked or just created. */
export interface AttachmentChange {
  readonly server: Pick<Server, 'id' | 'attachments'>;
  readonly wanted: readonly WantedAttachment[];
}

/**
 * Attaches items that the caller may attach (docs/servers.md#what-can-be-attached), and detaches
 * all others. Returns the audit events of it.
 *
 * @throws an `AttachFailure`
 */
export async function attach(
  tx: Transaction,
  caller: Caller,
  changes: readonly AttachmentChange[],
): Promise<readonly AuditEvent[]> {
  try {
    return await attachAll(tx, caller, changes);
  } catch (error) {
    if (!isFailure(error, 'media-not-found')) throw error;
    throw new DomainError('attachment-not-found', undefined, { cause: error });
  }
}

async function attachAll(
  tx: Transaction,
  caller: Caller,
  changes: readonly AttachmentChange[],
): Promise<readonly AuditEvent[]> {
  const planned = changes.map(({ server, wanted }) => ({ server, attachments: requireValid(wanted) }));
  const added = new Set(planned.flatMap(({ server, attachments }) => addedTo(server, attachments)));
  const candidates = await lockItems(
    tx,
    caller,
    planned.flatMap(({ attachments }) => attachments.map(({ media }) => media)),
    added,
  );
  for (const { server, attachments } of planned) {
    for (const media of addedTo(server, attachments)) {
      const candidate = candidates.get(media);
      if (candidate === undefined) throw new DomainError('media-not-found');
      const others = (await tx.servers.having(media)).filter((id) => id !== server.id);
      const fault = attachmentError(candidate, timesAttached(attachments).get(media) ?? 0, others);
      if (fault !== null) throw new DomainError(fault);
    }
    await tx.servers.attach(server.id, attachments);
  }
  return planned.flatMap(({ server, attachments }) => eventsOf(server, attachments));
}

function eventsOf(server: AttachmentChange['server'], attachments: readonly Attachment[]): readonly AuditEvent[] {
  const before = new Set(server.attachments.map(({ media }) => media));
  const now = new Set(attachments.map(({ media }) => media));
  return [
    ...[...now].filter((media) => !before.has(media)).map((media) => eventOf('media.attach', media)),
    ...[...before].filter((media) => !now.has(media)).map((media) => eventOf('media.detach', media)),
  ];

  function eventOf(action: Action, media: MediaId): AuditEvent {
    return { action, media, server: server.id };
  }
}

function requireValid(wanted: readonly WantedAttachment[]): readonly Attachment[] {
  const attachments = wanted.flatMap(({ media, ...location }) => (media === null ? [] : [{ media, ...location }]));
  const reasons = slotFaults(wanted);
  if (reasons.length > 0) throw new DomainError('slots-invalid', { reasons });
  if (attachments.length < wanted.length) throw new DomainError('media-not-found');
  return attachments;
}

/** Returns the items that the server would have attached more often than before. */
function addedTo(server: AttachmentChange['server'], attachments: readonly Attachment[]): readonly MediaId[] {
  const before = timesAttached(server.attachments);
  return [...timesAttached(attachments)]
    .filter(([media, times]) => times > (before.get(media) ?? 0))
    .map(([media]) => media);
}

/**
 * Locks these items until the transaction ends, so that they are not removed, and the grants and
 * assignments that give the caller the right to them, in lock order. Returns the facts that decide
 * about the added ones.
 */
async function lockItems(
  tx: Transaction,
  caller: Caller,
  media: readonly MediaId[],
  added: ReadonlySet<MediaId>,
): Promise<ReadonlyMap<MediaId, Candidate>> {
  const ids = [...new Set(media)].sort();
  const published = new Set<MediaId>();
  for (const id of ids) {
    if (!(await tx.library.has(id))) continue;
    if (added.has(id) && (await tx.library.find(id)) === null) throw new DomainError('media-not-found');
    published.add(id);
  }
  const checked = await requireAttachRights(
    tx,
    caller,
    ids.filter((id) => !published.has(id)),
  );

  const candidates = new Map<MediaId, Candidate>();
  for (const id of ids) {
    // Library drives are locked shared, because many users attach the same one at the same time.
    const item = published.has(id) ? (await tx.media.lockStoredShared(id))?.media : await tx.media.lock(id);
    if (item == null || item.group === null) throw new DomainError('media-not-found');
    const optical = isOptical(item.type);
    const found = checked.get(id);
    if (found !== undefined) requireUnmoved(item, found);
    if (!published.has(id) && !optical && found?.writable !== true) throw new DomainError('not-writer');
    if (!added.has(id)) continue;
    if (published.has(id)) {
      candidates.set(id, { isPublished: true, optical, shareable: false });
      continue;
    }
    await requireIdle(tx, item, true);
    const drive = await tx.labels.find(id);
    candidates.set(id, { isPublished: false, optical, shareable: drive?.label.shareable ?? false });
  }
  return candidates;
}
