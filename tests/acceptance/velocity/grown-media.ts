import { freshName } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { expectError } from './provocation.ts';
import { mediaOf, midOf, type Scene } from './scene.ts';

const BYTES = Buffer.from('the bytes of media');
const SIZE = 5000;
const GROWN = Buffer.concat([BYTES, Buffer.alloc(SIZE - BYTES.length)]);
const LENGTH = BYTES.length;

/** Tests downloads of items that are larger than the uploaded bytes. */
export function testGrownMedia(sceneOf: () => Scene): void {
  async function grow(mid: string): Promise<void> {
    const root = new Cloud(sceneOf().root.url, 'root', ROOT_PASSWORD);
    await root.ask(`POST /drives/${mid}/action/?do=resize`, { size: SIZE });
  }

  it.each([true, false])('have zeros after the uploaded bytes (read-only: %s)', async (readonly) => {
    const { root } = sceneOf();
    const mid = midOf(await root.upload({ group: 0, name: freshName('media'), readonly }, BYTES));
    const { headers: before } = await root.read(mid);
    await grow(mid);

    const { status, headers, bytes } = await root.read(mid);
    expect([status, headers['content-length'], bytes.equals(GROWN)]).toEqual([200, String(SIZE), true]);
    expect(headers['repr-digest']).toBeUndefined();
    const listed = (await mediaOf(sceneOf(), 0)).find((media) => media.mid === mid);
    expect(listed).toMatchObject({ size: SIZE, sha256: null });
    expect((await root.read(mid, {}, 'HEAD')).headers['content-length']).toBe(String(SIZE));

    for (const [from, to] of [
      [0, LENGTH],
      [LENGTH - 1, LENGTH],
      [LENGTH, LENGTH + 1],
      [LENGTH - 3, LENGTH + 7],
      [LENGTH + 5, SIZE],
      [0, SIZE],
    ] as const) {
      const range = { range: `bytes=${from}-${to - 1}` };
      // Without an ETag a client cannot ask for the rest of the same bytes.
      const condition = headers.etag === undefined ? {} : { 'if-range': headers.etag };
      const part = await root.read(mid, { ...range, ...condition });
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${from}-${to - 1}/${SIZE}`]);
      expect(part.bytes.equals(GROWN.subarray(from, to))).toBe(true);
    }
    const tail = await root.read(mid, { range: `bytes=-${SIZE - LENGTH + 2}` });
    expect(tail.bytes.equals(GROWN.subarray(LENGTH - 2))).toBe(true);

    // A download that began before is of another representation.
    const resumed = await root.read(mid, { range: 'bytes=4-8', 'if-range': before.etag ?? '"any"' });
    expect([resumed.status, resumed.bytes.equals(GROWN)]).toEqual([200, true]);
    expectError(await root.read(mid, { range: `bytes=${SIZE}-` }), 20120, 416);
  });
}
