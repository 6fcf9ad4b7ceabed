import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChunkGrant, ChunkLinks } from '../../application/ports/chunk-links.ts';
import type { WallClock } from '../../application/ports/clock.ts';

/** `end` is in milliseconds since 1970. */
type SignedGrant = ChunkGrant & { readonly end: number };

const LIFETIME_MS = 5 * 60 * 1000;
const TOKEN = /^([\w-]+)\.([\w-]{43})$/;

/** Signs links to chunks with an HMAC of their terms, which stand in the token. */
export class HmacChunkLinks implements ChunkLinks {
  readonly #key: Uint8Array;
  readonly #clock: WallClock;

  /** `key` is the same in all processes of the installation. */
  constructor(key: Uint8Array, clock: WallClock) {
    this.#key = key;
    this.#clock = clock;
  }

  sign(grant: ChunkGrant): string {
    const terms: SignedGrant = { ...grant, end: this.#clock.date().getTime() + LIFETIME_MS };
    const text = Buffer.from(JSON.stringify(terms)).toString('base64url');
    return `${text}.${this.#tagOf(text).toString('base64url')}`;
  }

  verify(token: string): ChunkGrant | null {
    const [, text = '', tag = ''] = TOKEN.exec(token) ?? [];
    const sent = Buffer.from(tag, 'base64url');
    const tagged = this.#tagOf(text);
    if (sent.length !== tagged.length || !timingSafeEqual(sent, tagged)) return null;
    // Only texts that were signed here come so far.
    const { end, ...grant } = JSON.parse(Buffer.from(text, 'base64url').toString()) as SignedGrant;
    return end > this.#clock.date().getTime() ? grant : null;
  }

  #tagOf(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
