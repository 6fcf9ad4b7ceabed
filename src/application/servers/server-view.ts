import type { Caller } from '../../domain/access/caller.ts';
import type { Server } from '../../domain/servers/server.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { ServerId, TagId } from '../../domain/shared/ids.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** A server and its tags. */
export type ServerView = Server & { readonly tags: readonly TagId[] };

/** Returns these servers with their tags, in their order, by one query. */
export async function serverViews(
  tx: Transaction,
  caller: Caller,
  servers: readonly Server[],
): Promise<readonly ServerView[]> {
  const ids = servers.map(({ id }) => id);
  const tags = await tx.tags.of('server', ids, caller.uuid);
  return servers.map((server) => ({ ...server, tags: tags.get(server.id) ?? [] }));
}

/**
 * Returns one of the caller's servers. `id` is null for a string that cannot be an id.
 *
 * @throws `server-not-found`
 */
export async function serverView(tx: Transaction, caller: Caller, id: ServerId | null): Promise<ServerView> {
  const server = id === null ? null : await tx.servers.find(id, caller.uuid);
  const [view] = server === null ? [] : await serverViews(tx, caller, [server]);
  if (view === undefined) throw new DomainError('server-not-found');
  return view;
}
