import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListUsersByPage } from '../../../../application/access/list-users-by-page.ts';
import type { UserSort } from '../../../../domain/access/user-sort.ts';
import { call } from '../call.ts';
import { parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { userWire } from './user-wire.ts';

const ORDERS: ListOrders<UserSort> = {
  sorts: { created: 'number', name: 'text' },
  id: 'number',
  defaultSort: 'created',
};

export const usersQuery = z.strictObject(listFields(ORDERS));

/** `GET /v1/users` */
export function getUsers(listUsers: ListUsersByPage): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(usersQuery, request);
    return listed({ request }, query, await listUsers.run(caller, keysetTerms(ORDERS, query)), userWire);
  });
}
