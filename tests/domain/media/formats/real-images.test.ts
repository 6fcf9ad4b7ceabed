import { TAIL_BYTES } from '../../../../src/domain/media/formats/inspect-image.ts';
import { withField, overwritten } from '../../../support/images/images.ts';
import { isoImage } from '../../../support/images/iso-images.ts';
import { titleWithClient, withClient } from '../../../support/http/real-client.ts';
import { qemuImage, realImage } from '../../../support/images/real-images.ts';
import { inspect, inspectBeginning, refusalReason } from './inspect.ts';

const MIB = 1024 * 1024;
const KIB = 1024;

describe('images of other programs', () => {
  it.each([
    ['vhd-fixed', { format: 'vhd', virtualSize: 8_390_656 }],
    ['vhd-fixed-force-size', { format: 'vhd', virtualSize: 8 * MIB }],
    ['vhd-dynamic', { format: 'vhd', virtualSize: 8_390_656 }],
    ['vhd-dynamic-force-size', { format: 'vhd', virtualSize: 300 * KIB * MIB }],
    ['vhdx-dynamic', { format: 'vhdx', virtualSize: 64 * MIB }],
    ['vhdx-fixed', { format: 'vhdx', virtualSize: 8 * MIB }],
    ['luks1', { format: 'luks', encrypted: true, virtualSize: 10_457_088 }],
    ['luks2', { format: 'luks', encrypted: true, virtualSize: 20 * MIB }],
    ['qcow2-luks', { format: 'qcow2', encrypted: true, virtualSize: 64 * MIB }],
    ['udf-disc', { format: 'iso', label: 'Grüße UDF', virtualSize: 16 * MIB }],
    ['udf-disk', { format: 'iso', label: 'DEF', virtualSize: 16 * MIB }],
  ])('are recognised: %s', (name, facts) => {
    expect(inspect(realImage(name))).toEqual({ label: null, encrypted: false, ...facts });
  });

  it('are refused if no hypervisor runs them: AES in a qcow2', () => {
    expect(refusalReason(realImage('qcow2-aes'))).toMatch(/AES/);
  });
});

/** The images that the installed qemu-img creates. */
const PROGRAMS: readonly (readonly [
  what: string,
  options: readonly string[],
  after: readonly string[],
  facts: object,
])[] = [
  ['a qcow2', ['create', '-q', '-f', 'qcow2'], ['1G'], { format: 'qcow2', virtualSize: 1024 * MIB }],
  ['a VMDK', ['create', '-q', '-f', 'vmdk'], ['1G'], { format: 'vmdk', virtualSize: 1024 * MIB }],
  ['a VDI', ['create', '-q', '-f', 'vdi'], ['64M'], { format: 'vdi', virtualSize: 64 * MIB }],
  ['a VHDX', ['create', '-q', '-f', 'vhdx'], ['4T'], { format: 'vhdx', virtualSize: 4 * 2 ** 40 }],
  [
    'a VHD of forced size',
    ['create', '-q', '-f', 'vpc', '-o', 'subformat=fixed,force_size=on'],
    ['64M'],
    { format: 'vhd', virtualSize: 64 * MIB },
  ],
];

describe('images of the installed qemu-img', () => {
  it.each(PROGRAMS)(titleWithClient('qemu-img', 'are recognised: %s'), async (_what, options, after, facts) => {
    await withClient('qemu-img', async () => {
      expect(inspect(await qemuImage(options, after))).toMatchObject(facts);
    })();
  });
});

describe('VHDX', () => {
  const HEADERS = [64 * KIB, 128 * KIB] as const;
  const REGIONS = [192 * KIB, 256 * KIB] as const;
  const METADATA = 3 * MIB;
  const vhdx = realImage('vhdx-dynamic');
  const both = (locations: readonly number[], change: (image: Uint8Array, at: number) => Uint8Array): Uint8Array =>
    locations.reduce(change, vhdx);
  const little = (image: Uint8Array, at: number, bits: 8 | 16 | 32 | 64, value: number | bigint): Uint8Array =>
    withField(image, 'little', [at, bits, value]);
  /** A header with a valid checksum. */
  const header = (
    image: Uint8Array,
    at: number,
    fields: readonly (readonly [number, 16 | 32 | 64, number | bigint])[],
  ): Uint8Array => {
    const changed = fields.reduce((so, [offset, bits, value]) => little(so, at + offset, bits, value), image);
    return little(changed, at + 4, 32, crc(little(changed, at + 4, 32, 0).subarray(at, at + 4096)));
  };

  it('is refused while its log is open', () => {
    const open = HEADERS.reduce<Uint8Array>((image, at) => header(image, at, [[48, 64, 1n]]), vhdx);
    expect(refusalReason(open)).toMatch(/log/);
    expect(refusalReason(header(vhdx, HEADERS[1], [[56, 64, 1n]]))).toMatch(/log/);
  });

  it('is checked by its newer intact header', () => {
    expect(refusalReason(header(vhdx, HEADERS[0], [[48, 64, 1n]]))).toBeNull();
    const newer = header(vhdx, HEADERS[0], [
      [8, 64, 2n ** 40n],
      [48, 64, 1n],
    ]);
    expect(refusalReason(newer)).toMatch(/log/);
    expect(refusalReason(little(newer, HEADERS[0] + 100, 32, 1))).toBeNull();
    expect(refusalReason(both(HEADERS, (image, at) => little(image, at + 100, 32, 1)))).toMatch(/no header/);
  });

  it('is refused if its version is unknown', () => {
    expect(refusalReason(header(vhdx, HEADERS[1], [[66, 16, 2]]))).toMatch(/version/);
  });

  it('is refused with a parent, by its flag or by its locator', () => {
    expect(refusalReason(little(vhdx, METADATA + 64 * KIB + 4, 32, 2))).toMatch(/parent/);
    const locator = Buffer.from('2d5fd3a80bb34d45abf7d3d84834ab0c', 'hex');
    expect(refusalReason(overwritten(vhdx, METADATA + 32 + 2 * 32, locator))).toMatch(/parent/);
  });

  it('is refused if its region tables contradict each other or are missing', () => {
    expect(refusalReason(little(vhdx, REGIONS[1] + 64, 64, 5 * MIB))).toMatch(/contradict/);
    expect(refusalReason(overwritten(vhdx, REGIONS[1], 'xxxx'))).toBeNull();
    expect(refusalReason(overwritten(vhdx, REGIONS[0], 'xxxx'))).toMatch(/region table/);
    expect(refusalReason(both(REGIONS, (image, at) => little(image, at + 64, 64, 512)))).toMatch(/invalid/);
    expect(refusalReason(both(REGIONS, (image, at) => little(image, at + 64, 64, 2n ** 60n)))).toMatch(
      /invalid|cut off/,
    );
  });

  it.each([
    [
      'an unknown region that is needed',
      () => both(REGIONS, (image, at) => little(image, at + 48, 32, 7)),
      /metadata region/,
    ],
    ['too many regions', () => both(REGIONS, (image, at) => little(image, at + 8, 32, 2000)), /too many/],
    ['unknown metadata that are needed', () => little(vhdx, METADATA + 32 + 4 * 32, 32, 7), /not known/],
    [
      'the same metadata twice',
      () => overwritten(vhdx, METADATA + 32 + 4 * 32, vhdx.subarray(METADATA + 32, METADATA + 64)),
      /twice/,
    ],
    ['no size', () => little(vhdx, METADATA + 10, 16, 1), /how large/],
    ['metadata at an invalid offset', () => little(vhdx, METADATA + 32 + 16, 32, 512), /invalid/],
    ['a size beyond what can be counted', () => little(vhdx, METADATA + 64 * KIB + 8, 64, 2n ** 60n), /virtual size/],
  ])('is refused with %s', (_, image, why) => {
    expect(refusalReason(image())).toMatch(why);
  });

  it.each([600, 65 * KIB, 200 * KIB, 300 * KIB, METADATA, METADATA + 64 * KIB + 8])(
    'is refused when it ends after %i bytes',
    (length) => {
      expect(refusalReason(vhdx.subarray(0, length))).toMatch(/cut off/);
    },
  );
});

/** CRC-32C, one bit at a time. */
function crc(content: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of content) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (sum ^ (byte >> bit)) & 1;
      sum = (sum >>> 1) ^ (carry === 1 ? 0x82f63b78 : 0);
    }
  }
  return ~sum >>> 0;
}

describe('UDF', () => {
  const udf = realImage('udf-disc');
  /** The descriptors of ISO 9660 before those of UDF, as on most discs for Windows. */
  const bridged = (label: string): Uint8Array => {
    const iso = isoImage({ label }).subarray(32 * KIB, 36 * KIB);
    return overwritten(overwritten(udf, 36 * KIB, udf.subarray(32 * KIB, 38 * KIB)), 32 * KIB, iso);
  };

  it('has its own label if ISO 9660 has none, else the label of ISO 9660', () => {
    expect(inspect(bridged('')).label).toBe('Grüße UDF');
    expect(inspect(bridged('WINDOWS')).label).toBe('WINDOWS');
  });

  it('has no label if its descriptors are damaged, truncated or elsewhere', () => {
    const anchor = 512 * KIB;
    expect(inspect(overwritten(udf, anchor, 'xx')).label).toBeNull();
    expect(inspect(udf.subarray(0, anchor)).label).toBeNull();
    expect(inspect(udf.subarray(0, 40 * KIB)).label).toBeNull();
    expect(inspect(withField(udf, 'little', [anchor + 20, 32, 300])).label).toBeNull();
    expect(inspect(withField(udf, 'little', [anchor + 20, 32, 0xffffffff])).label).toBeNull();
  });

  it('has a label if the descriptors follow the anchor', () => {
    const moved = overwritten(udf, 600 * KIB, udf.subarray(192 * KIB, 224 * KIB));
    const pointed = withField(moved, 'little', [512 * KIB + 20, 32, 300]);
    expect(inspect(overwritten(pointed, 192 * KIB, new Uint8Array(32 * KIB))).label).toBe('Grüße UDF');
  });
});

describe('the head of an image', () => {
  it('is enough for a refusal that does not need the tail', () => {
    for (const name of ['qcow2-aes', 'qcow2-luks', 'vhdx-dynamic', 'vhd-dynamic', 'luks2', 'udf-disc']) {
      const image = realImage(name);
      expect(refusalReason(image, inspectBeginning)).toBe(refusalReason(image));
      if (refusalReason(image) === null) expect(inspectBeginning(image)).toEqual(inspect(image));
    }
  });

  it('passes if the tail decides', () => {
    const fixed = realImage('vhd-fixed');
    expect(inspectBeginning(fixed).format).toBe('raw');
    expect(inspect(fixed.subarray(0, fixed.length - TAIL_BYTES)).format).toBe('raw');
  });
});
