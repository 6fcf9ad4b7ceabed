import { overwritten } from '../../../support/images/images.ts';
import {
  dynamicVhdImage,
  fixedVhdImage,
  parallelsImage,
  qedImage,
  vdiImage,
  vhdFooter,
} from '../../../support/images/other-images.ts';
import { inspect, refusalReason } from './inspect.ts';

const MIB = 1024 * 1024;
const signed = (signature: string): Uint8Array => overwritten(new Uint8Array(1024), 0, signature);

describe('VHD', () => {
  it('accepts fixed and dynamic disks', () => {
    expect(inspect(dynamicVhdImage())).toEqual({ format: 'vhd', virtualSize: 4 * MIB, label: null, encrypted: false });
    expect(inspect(fixedVhdImage(new Uint8Array(MIB)))).toEqual({
      format: 'vhd',
      virtualSize: MIB,
      label: null,
      encrypted: false,
    });
  });

  it('accepts a dynamic disk without its footer', () => {
    expect(inspect(dynamicVhdImage().subarray(0, -512)).virtualSize).toBe(4 * MIB);
  });

  it.each([0, 1, 4, 5, 6, 0xffffffff])('refuses disks of type %i, differencing ones first of all', (type) => {
    expect(refusalReason(dynamicVhdImage(type))).toMatch(/parent/);
    expect(refusalReason(overwritten(dynamicVhdImage(), 0, vhdFooter(type, MIB)))).toMatch(/parent/);
    expect(refusalReason(overwritten(new Uint8Array(2048), 1536, vhdFooter(type, MIB)))).toMatch(/parent/);
  });

  it('refuses a header and a footer that contradict each other', () => {
    expect(refusalReason(fixedVhdImage(dynamicVhdImage()))).not.toBeNull();
  });

  const fixed = (creator: string, geometry: readonly [number, number, number]): number => {
    const footer = vhdFooter(2, MIB, ...geometry);
    return inspect(overwritten(new Uint8Array(1024), 512, overwritten(footer, 28, creator))).virtualSize;
  };

  it.each(['vpc ', 'vs  ', 'qemu', 'vbox', '\0\0\0\0'])(
    'tells the larger of the size and the geometry of a disk made by %j, for readers differ in which they go by',
    (creator) => {
      expect(fixed(creator, [65_535, 4, 17])).toBe(65_535 * 4 * 17 * 512);
      expect(fixed(creator, [1, 4, 17])).toBe(MIB);
    },
  );

  it.each(['qem2', 'win ', 'd2v ', 'tap\0', 'CTXS', 'wa\0\0'])(
    'tells the size of a disk made by %j, for all readers go by it',
    (creator) => {
      expect(fixed(creator, [65_535, 4, 17])).toBe(MIB);
    },
  );

  it('returns the size if the geometry is saturated, for any creator', () => {
    expect(fixed('vpc ', [65_535, 16, 255])).toBe(MIB);
    expect(fixed('vpc ', [65_534, 16, 255])).toBe(65_534 * 16 * 255 * 512);
  });

  it('refuses a size beyond 2^53−1', () => {
    expect(refusalReason(dynamicVhdImage(3, 2n ** 63n))).toMatch(/virtual size/);
  });
});

describe('VDI', () => {
  it('accepts dynamic and fixed disks', () => {
    expect(inspect(vdiImage())).toEqual({ format: 'vdi', virtualSize: 2 * MIB, label: null, encrypted: false });
    expect(inspect(vdiImage({ type: 2 })).format).toBe('vdi');
  });

  it('refuses a parent, by the type or by its UUID', () => {
    expect(refusalReason(vdiImage({ type: 4 }))).toMatch(/differencing/);
    expect(refusalReason(vdiImage({ type: 3 }))).toMatch(/differencing/);
    expect(refusalReason(vdiImage({ parent: '\x01' }))).toMatch(/parent/);
    expect(refusalReason(vdiImage({ parent: `${'\0'.repeat(31)}\x01` }))).toMatch(/parent/);
  });

  it('refuses another version, and a truncated header', () => {
    expect(refusalReason(vdiImage({ version: 0x0001_0000 }))).toMatch(/version/);
    expect(refusalReason(vdiImage().subarray(0, 0x44))).toMatch(/cut off/);
  });
});

describe('QED', () => {
  it('accepts a disk without a backing file, checked or not', () => {
    expect(inspect(qedImage())).toEqual({ format: 'qed', virtualSize: MIB, label: null, encrypted: false });
    expect(inspect(qedImage({ features: 2n })).format).toBe('qed');
  });

  it.each([1n, 5n, 4n, 8n, 1n << 63n])('refuses a backing file and unknown features: %s', (features) => {
    expect(refusalReason(qedImage({ features }))).toMatch(/backing file/);
  });
});

describe('Parallels', () => {
  it('accepts an expandable disk of either signature', () => {
    expect(inspect(parallelsImage())).toEqual({
      format: 'parallels',
      virtualSize: 2 * MIB,
      label: null,
      encrypted: false,
    });
    expect(inspect(overwritten(parallelsImage(), 0, 'WithouFreSpacExt')).format).toBe('parallels');
  });

  it('refuses other versions, and extensions', () => {
    expect(refusalReason(parallelsImage({ version: 1 }))).toMatch(/version/);
    expect(refusalReason(parallelsImage({ extension: 1 }))).toMatch(/extensions/);
  });
});

describe('formats with a signature', () => {
  it.each([
    ['gzip', '\x1f\x8b\x08\0'],
    ['bzip2', 'BZh91AY&SY'],
    ['xz', '\xfd7zXZ\0'],
    ['zstd', '\x28\xb5\x2f\xfd'],
  ])('are recognised: %s', (format, signature) => {
    expect(inspect(signed(signature))).toEqual({ format, virtualSize: 1024, label: null, encrypted: false });
  });

  it.each(['vhdxfile', 'LUKS\xba\xbe\0\x03', 'Bochs Virtual HD Image\0', 'COWD\x01', 'QFI\xfb\0\0\0\x01'])(
    'never takes %j',
    (signature) => {
      expect(refusalReason(signed(signature))).not.toBeNull();
    },
  );

  it.each(['BZhello', 'MZ\x90\0', 'PK\x03\x04', '\x7fELF', 'RIFF', 'koly'])('recognises %j as raw', (signature) => {
    expect(inspect(signed(signature)).format).toBe('raw');
  });
});
