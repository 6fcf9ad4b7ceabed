import { setTimeout as delay } from 'node:timers/promises';
import { freshName, logIn } from '../support/http/client.ts';
import { startPlatter } from '../support/program/platter.ts';
import { timeoutMs, times } from './repetitions.ts';

/**
 * The long form outlasts Node's `requestTimeout` of five minutes and the half minute between its
 * checks.
 */
const SECONDS = times('PLATTER_UPLOAD_SECONDS', 2, 345);
const PIECE = Buffer.alloc(1024, 'slow');
const PIECES_A_SECOND = 4;

describe('An upload that makes progress', () => {
  it(
    `may take ${SECONDS} seconds and more`,
    async () => {
      const root = await logIn((await startPlatter()).url);
      const pieces = SECONDS * PIECES_A_SECOND;
      async function* slowly(): AsyncGenerator<Uint8Array> {
        for (let sent = 0; sent < pieces; sent += 1) {
          yield PIECE;
          await delay(1000 / PIECES_A_SECOND);
        }
      }
      const headers = { 'content-length': pieces * PIECE.length };
      const answer = await root.upload({ group: 0, name: freshName('media'), headers }, slowly());
      expect([answer.status, answer.body]).toMatchObject([200, { size: pieces * PIECE.length }]);
    },
    timeoutMs(SECONDS),
  );
});
