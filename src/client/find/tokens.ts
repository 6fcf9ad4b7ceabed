import type { Item } from '../api/api.ts';
import { findById } from './by-id.ts';

export type Token = Item<'/v1/tokens'>;

/**
 * Finds a token by its name, its id, or a beginning of the id that only one token has.
 *
 * @throws notFound without such a token; usage with several, which the message lists
 */
export function findToken(tokens: readonly Token[], text: string): Token {
  return findById(tokens, text, {
    missing: 'you have no token',
    several: 'tokens',
    advice: 'Run "platter token".',
    nameOf: ({ name }) => name,
    describe: ({ name, created_at }) => `${name}, created ${created_at}`,
  });
}
