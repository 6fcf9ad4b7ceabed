import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateLink } from '../../../../application/links/create-link.ts';
import type { ListLinks } from '../../../../application/links/list-links.ts';
import type { RevokeLink } from '../../../../application/links/revoke-link.ts';
import type { Link } from '../../../../domain/media/link.ts';
import { isNetwork } from '../../shared/networks.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { linkIn, mediaIn } from '../path-ids.ts';
import { LINKS_ROOT } from './link-content.ts';

const ORDERS: ListOrders<'created'> = { sorts: { created: 'time' }, id: 'uuid', defaultSort: 'created' };

export const linksQuery = z.strictObject(listFields(ORDERS));

const MAX_SECONDS = 366 * 86_400;
const MAX_NETWORKS = 32;
const MAX_NOTE_CHARACTERS = 500;

const NETWORK = z
  .string()
  .refine((text) => isNetwork(text) && !text.includes('%'), 'must be an address or a network, such as 10.0.0.0/8');

export const linkRequest = z.strictObject({
  expires_in: z.int().min(1).max(MAX_SECONDS).meta({ description: 'How long it is valid, in seconds.' }),
  networks: z
    .array(NETWORK)
    .max(MAX_NETWORKS)
    .default([])
    .meta({ description: 'The addresses and networks that may use it; all if omitted.' }),
  note: z
    .string()
    .max(MAX_NOTE_CHARACTERS)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be text')
    .default(''),
});

export const linkResponse = z.object({
  id: z.guid(),
  creator: z.guid(),
  networks: z.array(z.string()),
  note: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().meta({ description: 'To a few seconds; null if it was never used.' }),
  bytes_served: z.int(),
});

export const newLinkResponse = linkResponse.extend({
  url: z.string().meta({ description: 'Below this host. It has the secret, which is shown only here.' }),
});

/** `GET /v1/media/{media}/links` */
export function getLinks(listLinks: ListLinks): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(linksQuery, request);
    return listed(
      { request },
      query,
      await listLinks.run(caller, mediaIn(request), keysetTerms(ORDERS, query)),
      linkWire,
    );
  });
}

/** `POST /v1/media/{media}/links` */
export function postLink(createLink: CreateLink): RequestHandler {
  return call(async ({ caller, request }) => {
    const { expires_in: seconds, networks, note } = parseBody(linkRequest, request);
    const { link, secret, fileName } = await createLink.run(caller, mediaIn(request), { seconds, networks, note });
    const url = `${LINKS_ROOT}/${secret}/${encodeURIComponent(fileName)}`;
    return { status: 201, body: { ...linkWire(link), url } satisfies z.input<typeof newLinkResponse> };
  });
}

/** `DELETE /v1/media/{media}/links/{link}` */
export function deleteLink(revokeLink: RevokeLink): RequestHandler {
  return call(async ({ caller, request }) => {
    await revokeLink.run(callerOfChange({ caller, request }), mediaIn(request), linkIn(request));
    return NO_CONTENT;
  });
}

function linkWire(link: Link): z.input<typeof linkResponse> {
  return {
    id: link.id,
    creator: link.creator,
    networks: [...link.networks],
    note: link.note,
    created_at: link.createdAt.toISOString(),
    expires_at: link.expiresAt.toISOString(),
    last_used_at: link.lastUsedAt?.toISOString() ?? null,
    bytes_served: link.bytesServed,
  };
}
