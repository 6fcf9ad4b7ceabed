import type { Api } from '../api/api.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';

/**
 * Returns the id of the user that a text means: a number, or a name. A number is not looked up, and
 * neither is the name of the caller: who may not list users can name them by number.
 *
 * @throws notFound without a user of that name
 */
export async function findUser(api: Api, text: string): Promise<number> {
  if (/^#?\d+$/.test(text)) return Number(text.replace('#', ''));
  const name = text.normalize('NFC');
  const caller = await api.call('get', '/v1/session');
  if (caller.name === name) return caller.id;
  const user = (await api.all('/v1/users')).find((one) => one.name === name);
  if (user !== undefined) return user.id;
  throw new CommandFailure('notFound', `there is no user "${printable(text)}"`, 'Run "platter user ls".');
}
