import type { Caller } from '../../domain/access/caller.ts';
import type { Server, ServerDefinition } from '../../domain/servers/server.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ServerId, TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { setTags, type SetTagsFailure } from '../tags/set-tags.ts';
import { attach, type AttachFailure, type WantedAttachment } from './attach.ts';
import { serverView, type ServerView } from './server-view.ts';

/** Fields to change; omitted ones stay. */
export type ServerChanges = { readonly [Field in keyof ServerDefinition]?: ServerDefinition[Field] | undefined } & {
  /** All attachments of the server. */
  readonly attachments?: readonly WantedAttachment[] | undefined;
  /** Null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
};

export type EditServerFailure =
  'server-not-found' | 'name-invalid' | 'definitions-too-large' | AttachFailure | SetTagsFailure;

/** Changes a server and its attachments. */
export class EditServer {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /**
   * Each field in `kept` replaces the stored one of that name. `id` is null for a string that
   * cannot be an id.
   */
  async run(caller: Caller, id: ServerId | null, changes: ServerChanges): Promise<ServerView> {
    if (changes.name !== undefined) requireName(changes.name);
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      await tx.definitions.lock(caller.uuid);
      const [before, server] = await Promise.all([
        tx.definitions.bytesOf(caller.uuid),
        id === null ? null : tx.servers.lock(id, caller.uuid),
      ]);
      if (server === null) throw new DomainError('server-not-found');
      await tx.servers.define(server.id, changed(server, changes));
      await tx.definitions.requireRoom(caller.uuid, before);
      const attachmentEvents =
        changes.attachments === undefined ? [] : await attach(tx, caller, [{ server, wanted: changes.attachments }]);
      if (changes.tags !== undefined) await setTags(tx, caller, changes.tags, { kind: 'server', id: server.id });
      const details = { fields: changedFields(changes) };
      await tx.audit.record(caller, { action: 'server.edit', server: server.id, details }, ...attachmentEvents);
      return serverView(tx, caller, server.id);
    });
  }
}

function changed(server: Server, changes: ServerChanges): ServerDefinition {
  return {
    name: changes.name ?? server.name,
    cpu: changes.cpu ?? server.cpu,
    memory: changes.memory ?? server.memory,
    screenPassword: changes.screenPassword ?? server.screenPassword,
    meta: changes.meta ?? server.meta,
    otherFields: { ...server.otherFields, ...changes.otherFields },
  };
}
