import { randomBytes } from 'node:crypto';
import { HmacChunkLinks } from '../../../src/adapters/signed-links/hmac-chunk-links.ts';
import type { ChunkGrant } from '../../../src/application/ports/chunk-links.ts';
import type { TenantId } from '../../../src/domain/access/tenant.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { UserId, UserUuid } from '../../../src/domain/shared/ids.ts';
import type { UploadId } from '../../../src/domain/uploads/upload.ts';

const LIFETIME_MS = 300_000;
const KEY = randomBytes(32);
const GRANT: ChunkGrant = {
  upload: '9a1f0e44-0000-4000-8000-000000000031' as UploadId,
  number: 3,
  chunkSize: bytes(1_048_576),
  caller: {
    id: 7 as UserId,
    uuid: '9a1f0e44-0000-4000-8000-000000000032' as UserUuid,
    name: 'Zoë',
    tenant: 2 as TenantId,
  },
};

describe('HmacChunkLinks', () => {
  let now: number;
  beforeEach(() => (now = Date.UTC(2026, 0, 1)));

  function linksOf(key: Uint8Array): HmacChunkLinks {
    return new HmacChunkLinks(key, { date: () => new Date(now) });
  }

  it('accepts the tokens of every process with the same key, for five minutes', () => {
    const token = linksOf(KEY).sign(GRANT);
    expect(linksOf(KEY).verify(token)).toEqual(GRANT);
    now += LIFETIME_MS - 1;
    expect(linksOf(KEY).verify(token)).toEqual(GRANT);
    now += 1;
    expect(linksOf(KEY).verify(token)).toBeNull();
  });

  it('refuses the tokens of another key', () => {
    expect(linksOf(KEY).verify(linksOf(randomBytes(32)).sign(GRANT))).toBeNull();
  });

  it('refuses a token with other terms, another tag, or none of them', () => {
    const links = linksOf(KEY);
    const [terms, tag] = links.sign(GRANT).split('.') as [string, string];
    const [others, othersTag] = links.sign({ ...GRANT, number: 4 }).split('.') as [string, string];
    for (const forged of [`${others}.${tag}`, `${terms}.${othersTag}`, `${terms}.`, `.${tag}`, terms, '']) {
      expect(links.verify(forged)).toBeNull();
    }
  });

  it('needs no escapes in a URL', () => {
    expect(linksOf(KEY).sign(GRANT)).toMatch(/^[\w.-]+$/);
  });
});
