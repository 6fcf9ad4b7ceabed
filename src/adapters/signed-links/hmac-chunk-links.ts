import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChunkGrant, ChunkLinks } from '../../application/ports/chunk-links.ts';
import type { WallClock } from '../../application/ports/clock.ts';
import type { TenantId } from '../../domain/access/tenant.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { isUuid, type UserId } from '../../domain/shared/ids.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';

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

  sign({ upload, number, chunkSize, user, tenant }: ChunkGrant): string {
    const terms = JSON.stringify([upload, number, chunkSize, user, tenant, this.#clock.date().getTime() + LIFETIME_MS]);
    const text = Buffer.from(terms).toString('base64url');
    return `${text}.${this.#tagOf(text).toString('base64url')}`;
  }

  verify(token: string): ChunkGrant | null {
    const [, text = '', tag = ''] = TOKEN.exec(token) ?? [];
    const sent = Buffer.from(tag, 'base64url');
    const tagged = this.#tagOf(text);
    if (sent.length !== tagged.length || !timingSafeEqual(sent, tagged)) return null;
    // Only texts that were signed here come so far.
    const terms = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, ...number[]];
    const [upload, number = 0, chunkSize = 1, user = 0, tenant = 0, end = 0] = terms;
    if (!isUuid(upload) || end <= this.#clock.date().getTime()) return null;
    return {
      upload: upload as UploadId,
      number,
      chunkSize: bytes(chunkSize),
      user: user as UserId,
      tenant: tenant as TenantId,
    };
  }

  #tagOf(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
