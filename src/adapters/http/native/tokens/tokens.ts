import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateToken } from '../../../../application/access/create-token.ts';
import type { ListTokens } from '../../../../application/access/list-tokens.ts';
import type { RemoveToken } from '../../../../application/access/remove-token.ts';
import type { ApiToken, TokenId } from '../../../../domain/access/api-token.ts';
import type { GroupId } from '../../../../domain/shared/ids.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { nameField, parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { uuidIn } from '../path-ids.ts';

const MAX_GROUPS = 100;

const ORDERS: ListOrders<'created'> = { sorts: { created: 'time' }, id: 'uuid', defaultSort: 'created' };

export const tokensQuery = z.strictObject(listFields(ORDERS));

const scope = z
  .enum(['read', 'write', 'admin'])
  .meta({ description: '`read` reads, `write` also changes media, `admin` also users, groups and assignments.' });

export const tokenRequest = z.strictObject({
  name: nameField,
  scope,
  groups: z
    .array(z.int().min(0))
    .min(1)
    .max(MAX_GROUPS)
    .nullable()
    .default(null)
    .meta({ description: 'The groups that it reaches, with all below; by default all of the user.' }),
  expires_at: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .meta({ description: 'By default it does not expire.' }),
});

export const tokenResponse = z.object({
  id: z.uuid(),
  name: z.string(),
  scope,
  groups: z.array(z.int()).nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().meta({ description: 'To the minute.' }),
});

export const createdTokenResponse = tokenResponse.extend({
  token: z.string().meta({ description: 'The token itself. It cannot be read again.' }),
});

/** `GET /v1/tokens`: those of the caller. */
export function getTokens(listTokens: ListTokens): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(tokensQuery, request);
    return listed({ request }, query, await listTokens.run(caller, keysetTerms(ORDERS, query)), tokenWire);
  });
}

/** `POST /v1/tokens` */
export function postTokens(createToken: CreateToken): RequestHandler {
  return call(async ({ caller, request }) => {
    const { name, scope, groups, expires_at: expires } = parseBody(tokenRequest, request);
    const { token, secret } = await createToken.run(caller, {
      name,
      scope,
      groups: groups as readonly GroupId[] | null,
      expiresAt: expires === null ? null : new Date(expires),
    });
    return { status: 201, body: { ...tokenWire(token), token: secret } };
  });
}

/** `DELETE /v1/tokens/{token}` */
export function deleteToken(removeToken: RemoveToken): RequestHandler {
  return call(async ({ caller, request }) => {
    await removeToken.run(callerOfChange({ caller, request }), uuidIn(request, 'token') as TokenId | null);
    return NO_CONTENT;
  });
}

function tokenWire(token: ApiToken): z.input<typeof tokenResponse> {
  const { id, name, scope, groups, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    name,
    scope,
    groups: groups === null ? null : [...groups],
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: lastUsedAt,
  };
}
