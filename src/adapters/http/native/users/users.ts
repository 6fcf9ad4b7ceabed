import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CreateUser } from '../../../../application/access/create-user.ts';
import type { ListUsersByPage } from '../../../../application/access/list-users-by-page.ts';
import type { UserSort } from '../../../../domain/access/user-sort.ts';
import { call } from '../call.ts';
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
export function postUsers(createUser: CreateUser): RequestHandler {
  return call(async ({ caller, request }) => {
    return { status: 201, body: userWire(await createUser.run(caller, parseBody(userRequest, request))) };
  });
}
