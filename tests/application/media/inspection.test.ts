import fc from 'fast-check';
import { Inspection, type Judge } from '../../../src/application/media/inspection.ts';
import type { ByteSource } from '../../../src/application/ports/blob-store.ts';
import { HEAD_BYTES, type ImageFacts } from '../../../src/domain/media/formats/inspect-image.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { inspect } from '../../domain/media/formats/inspect.ts';
import { joined, qcow2Image, vmdkDescriptor } from '../../support/images/images.ts';
import { fixedVhdImage } from '../../support/images/other-images.ts';
import { realImage } from '../../support/images/real-images.ts';

const MIB = 1024 * 1024;
const NO_JUDGE: Judge = async () => Promise.resolve();

/** Yields an image in chunks of these sizes, in turn; counts the bytes read from it. */
function chunked(image: Uint8Array, sizes: readonly number[]): { source: ByteSource; taken: () => number } {
  let taken = 0;
  async function* chunks(): ByteSource {
    for (let count = 0; taken < image.length; count++) {
      const chunk = image.subarray(taken, taken + sizes[count % sizes.length]!);
      taken += chunk.length;
      yield Promise.resolve(chunk);
    }
  }
  return { source: chunks(), taken: () => taken };
}

async function pass(inspection: Inspection, source: ByteSource): Promise<ImageFacts> {
  let passed = 0;
  for await (const chunk of inspection.through(source)) passed += chunk.length;
  expect(passed).toBeGreaterThan(0);
  return inspection.facts();
}

/** Returns how many bytes of an image are read before it is refused, in chunks of 16 KiB. */
async function takenOf(image: Uint8Array, judge = NO_JUDGE, maxVirtualBytes: number | null = null): Promise<number> {
  const inspection = new Inspection(
    bytes(image.length),
    maxVirtualBytes === null ? null : bytes(maxVirtualBytes),
    judge,
  );
  const { source, taken } = chunked(image, [16 * 1024]);
  await expect(pass(inspection, source)).rejects.toMatchObject({ code: expect.any(String) as string });
  return taken();
}

const LONG = new Uint8Array(2 * MIB);

describe('Inspection', () => {
  it.each(['vhdx-dynamic', 'qcow2-luks', 'vhd-fixed-force-size'])(
    'inspects bytes that could not be read when it was resumed once they can be read: %s',
    async (name) => {
      const image = realImage(name);
      for (const passed of [1, HEAD_BYTES, image.length - 5, image.length]) {
        const inspection = new Inspection(bytes(image.length), null, NO_JUDGE);
        await inspection.resume(bytes(passed), async () => Promise.resolve(null));
        const { source } = chunked(image.subarray(passed), [64 * 1024]);
        for await (const chunk of inspection.through(source)) expect(chunk.length).toBeGreaterThan(0);
        await inspection.catchUp(async (at, length) => Promise.resolve(image.subarray(at, at + length)));
        expect(await inspection.facts()).toEqual(inspect(image));
      }
    },
  );

  it.each(['vhdx-dynamic', 'udf-disc', 'udf-disk', 'qcow2-luks', 'vhd-fixed-force-size'])(
    'finds the same facts for chunks of every size: %s',
    async (name) => {
      const image = realImage(name);
      const sizes = fc.array(fc.integer({ min: 3000, max: 3 * MIB }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(sizes, async (sizes) => {
          const inspection = new Inspection(bytes(image.length), null, NO_JUDGE);
          expect(await pass(inspection, chunked(image, sizes).source)).toEqual(inspect(image));
        }),
        { numRuns: 12 },
      );
    },
  );

  it.each([
    ['a backing file', qcow2Image({ backingFile: '/etc/passwd' })],
    ['a data file', qcow2Image({ incompatible: 4n })],
    ['the old encryption', realImage('qcow2-aes')],
    ['a foreign descriptor', new TextEncoder().encode(vmdkDescriptor({ type: 'vmfs' }))],
  ])('refuses %s after its first 64 KiB', async (_, image) => {
    expect(await takenOf(joined(image, LONG))).toBe(HEAD_BYTES);
  });

  it('refuses an image as soon as a later part of it is refused', async () => {
    const image = realImage('vhdx-dynamic');
    image[3 * MIB + 64 * 1024 + 4] = 2;
    expect(await takenOf(image)).toBe(3 * MIB + 80 * 1024);
  });

  it('refuses a virtual size beyond the limit at once', async () => {
    expect(await takenOf(joined(qcow2Image({ virtualSize: 8 * MIB }), LONG), NO_JUDGE, 4 * MIB)).toBe(HEAD_BYTES);
  });

  it('asks the judge once, as early as possible, and again only if the tail changes the facts', async () => {
    const judged: unknown[] = [];
    const judge: Judge = async ({ format, virtualSize }) => Promise.resolve(void judged.push([format, virtualSize]));
    const disk = fixedVhdImage(new Uint8Array(MIB));
    await pass(new Inspection(bytes(disk.length), null, judge), chunked(disk, [9000]).source);
    expect(judged.splice(0)).toEqual([
      ['raw', MIB + 512],
      ['vhd', MIB],
    ]);
    const thin = joined(qcow2Image({ virtualSize: 8 * MIB }), LONG);
    await pass(new Inspection(bytes(thin.length), null, judge), chunked(thin, [9000]).source);
    expect(judged).toEqual([['qcow2', 8 * MIB]]);
    const no: Judge = async () => Promise.reject(Object.assign(new Error('no'), { code: 'no' }));
    expect(await takenOf(thin, no)).toBe(HEAD_BYTES);
  });
});
