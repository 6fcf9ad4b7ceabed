import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateUser } from '../../../../application/access/create-user.ts';
import type { ListUsersByPage } from '../../../../application/access/list-users-by-page.ts';
import type { IdempotentRequests } from '../../../../application/idempotency/idempotent-requests.ts';
import type { UserSort } from '../../../../domain/access/user-sort.ts';
import { call } from '../call.ts';
import { keyedCall } from '../keyed-call.ts';
import { nameField, parseBody, parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { userWire } from './user-wire.ts';

const ORDERS: ListOrders<UserSort> = {
  sorts: { created: 'number', name: 'text' },
  id: 'number',
  defaultSort: 'created',
};

const password = z.string().meta({ minLength: 1, description: 'At most 1024 bytes in UTF-8.' });

export const usersQuery = z.strictObject(listFields(ORDERS));
export const userRequest = z.strictObject({ name: nameField, password });

/** `GET /v1/users` */
export function getUsers(listUsers: ListUsersByPage): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(usersQuery, request);
    return listed({ request }, query, await listUsers.run(caller, keysetTerms(ORDERS, query)), userWire);
  });
}

/** `POST /v1/users` */
export function postUsers(requests: IdempotentRequests, createUser: CreateUser): RequestHandler {
  return keyedCall<Parameters<typeof userWire>[0]>(
    requests,
    async ({ caller, request }, keep) => createUser.run(caller, parseBody(userRequest, request), keep),
    (user) => ({ status: 201, headers: {}, body: userWire(user) }),
  );
}
