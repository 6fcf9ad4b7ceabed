import type { Item } from '../api/api.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';

export type Token = Item<'/v1/tokens'>;

/** A beginning of an id, of at least four digits. */
const PREFIX = /^[\da-f]{4}[\da-f-]{0,32}$/i;

/**
 * Finds a token by its name, its id, or a beginning of the id that only one token has.
 *
 * @throws notFound without such a token; usage with several, which the message lists
 */
export function findToken(tokens: readonly Token[], text: string): Token {
  const found = tokens.filter(
    ({ id, name }) => name === text || (PREFIX.test(text) && id.startsWith(text.toLowerCase())),
  );
  const [token] = found;
  if (token === undefined) {
    throw new CommandFailure('notFound', `you have no token "${printable(text)}"`, 'Run "platter token".');
  }
  if (found.length === 1) return token;
  const candidates = found.map(({ id, name, created_at }) => `  ${id}  ${printable(`${name}, created ${created_at}`)}`);
  throw new CommandFailure(
    'usage',
    `"${printable(text)}" means several tokens:\n${candidates.join('\n')}`,
    'Use more of the id.',
  );
}
