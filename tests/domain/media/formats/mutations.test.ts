import fc from 'fast-check';
import { HEAD_BYTES, inspectImage, TAIL_BYTES } from '../../../../src/domain/media/formats/inspect-image.ts';
import { bytes, isBytes } from '../../../../src/domain/shared/bytes.ts';
import {
  overwritten,
  qcow2Image,
  streamVmdkImage,
  vmdkDescriptor,
  vmdkImage,
  withField,
} from '../../../support/images/images.ts';
import { isoImage, partitionTable } from '../../../support/images/iso-images.ts';
import {
  dynamicVhdImage,
  fixedVhdImage,
  parallelsImage,
  qedImage,
  vdiImage,
} from '../../../support/images/other-images.ts';
import { inspect, refusalReason, textImage } from './inspect.ts';

const EXTERNAL_FILE = 0x44415441;

/** Each with the ranges of its headers, which are mutated. */
const IMAGES: readonly (readonly [image: Uint8Array, headers: readonly (readonly [from: number, to: number])[]])[] = [
  [qcow2Image({ extensions: [[0x6803f857, 'x'.repeat(48)]] }), [[0, 200]]],
  [qcow2Image({ version: 2, clusterBits: 9 }), [[0, 100]]],
  [qcow2Image({ incompatible: 24n, compression: 1 }), [[0, 200]]],
  [
    vmdkImage(),
    [
      [0, 80],
      [512, 900],
    ],
  ],
  [
    streamVmdkImage(),
    [
      [0, 80],
      [512, 900],
      [67_000, 68_096],
    ],
  ],
  [
    isoImage({ joliet: 'x', bridge: true, systemArea: partitionTable(true) }),
    [
      [0, 512],
      [32_768, 45_056],
    ],
  ],
  [
    dynamicVhdImage(),
    [
      [0, 90],
      [2048, 2140],
    ],
  ],
  [fixedVhdImage(new Uint8Array(4096)), [[4096, 4190]]],
  [vdiImage(), [[0x40, 0x1c8]]],
  [qedImage(), [[0, 64]]],
  [parallelsImage(), [[0, 64]]],
  [textImage(vmdkDescriptor({ type: 'vmfs' })), [[0, 300]]],
];

/** Limits of header fields, and any other numbers. */
const number64 = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    2n,
    3n,
    4n,
    511n,
    512n,
    65_536n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
  ),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

/** One of the images with some header fields changed, and perhaps truncated. */
const mutated = fc.constantFrom(...IMAGES).chain(([image, headers]) => {
  const location = fc.constantFrom(...headers).chain(([from, to]) => fc.integer({ min: from, max: to - 8 }));
  const change = fc.tuple(location, fc.constantFrom<8 | 16 | 32 | 64>(8, 16, 32, 64), number64, fc.boolean());
  const length = fc.oneof({ weight: 4, arbitrary: fc.constant(image.length) }, fc.nat(image.length));
  return fc.tuple(fc.array(change, { maxLength: 6 }), length).map(([changes, kept]) => {
    const changed = changes.reduce(
      (so, [at, bits, value, big]) => withField(so, big ? 'big' : 'little', [at, bits, BigInt.asUintN(bits, value)]),
      image,
    );
    return changed.subarray(0, kept);
  });
});

/** Arbitrary bytes, after the signature of a format or none. */
const anything = fc
  .tuple(
    fc.constantFrom(
      '',
      'QFI\xfb\0\0\0\x03',
      'QFI\xfb\0\0\0\x02',
      'KDMV',
      'COWD',
      'conectix',
      'vhdxfile',
      'QED\0',
      '# Disk ',
    ),
    fc.uint8Array({ maxLength: 3000 }),
  )
  .map(([signature, rest]) => overwritten(rest, 0, signature));

const asText = (image: Uint8Array, from: number, to: number): string =>
  Buffer.from(image.subarray(from, to)).toString('latin1');

describe('arbitrary bytes', () => {
  it('are recognised or refused, without any other error', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, anything), (image) => {
        if (refusalReason(image) !== null) return;
        const { format, virtualSize, label } = inspect(image);
        expect(isBytes(virtualSize)).toBe(true);
        if (format === 'raw' || format === 'iso') expect(virtualSize).toBe(image.length);
        if (format !== 'iso') expect(label).toBeNull();
        else expect(label ?? 'none').toMatch(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
      }),
      { numRuns: 3000 },
    );
  });

  it('are recognised deterministically, and not modified', () => {
    fc.assert(
      fc.property(mutated, (image) => {
        const before = Uint8Array.from(image);
        expect(refusalReason(image)).toBe(refusalReason(before));
        expect(Buffer.compare(image, before)).toBe(0);
      }),
    );
  });

  it('are recognised or refused even if the parts are not the requested ones', () => {
    fc.assert(
      fc.property(mutated, mutated, fc.maxSafeNat(), (head, tail, size) => {
        try {
          inspectImage(head, tail, bytes(size));
        } catch (error) {
          expect(error).toMatchObject({ code: 'format-refused' });
        }
      }),
    );
  });
});

describe('an accepted image', () => {
  it('of qcow2 names no file, by an independent check', () => {
    fc.assert(
      fc.property(mutated, (image) => {
        if (refusalReason(image) !== null || inspect(image).format !== 'qcow2') return;
        const view = new DataView(image.buffer, image.byteOffset);
        expect(view.getBigUint64(8)).toBe(0n);
        if (view.getUint32(4) === 3) expect(view.getBigUint64(72) & ~0b11001n).toBe(0n);
        else expect(view.getUint32(4)).toBe(2);
      }),
      { numRuns: 2000 },
    );
  });

  it('of VMDK names no file, by an independent check of what QEMU reads', () => {
    fc.assert(
      fc.property(mutated, (image) => {
        if (refusalReason(image) !== null || inspect(image).format !== 'vmdk') return;
        const text = asText(image, 512, 512 + 20 * 512).split('\0', 1)[0] ?? '';
        expect(text).not.toMatch(/parentFileNameHint/i);
        expect(text.match(/^\s*(?:rw|rdonly|noaccess)\s.*$/gim)).toEqual([
          expect.stringMatching(/ sparse "[^/\\:"]*"/i),
        ]);
        expect(asText(image, 0, 4)).toBe('KDMV');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a refused image', () => {
  /** With the ranges of bytes that cause the refusal; all other bytes are arbitrary. */
  const refused: readonly (readonly [
    what: string,
    image: Uint8Array,
    reasons: readonly (readonly [number, number])[],
  ])[] = [
    [
      'qcow2 with a backing file',
      qcow2Image({ backingFile: '/etc/passwd' }),
      [
        [0, 4],
        [8, 16],
      ],
    ],
    [
      'qcow2 with an external file',
      qcow2Image({ incompatible: 4n }),
      [
        [0, 8],
        [72, 80],
      ],
    ],
    [
      'qcow2 naming an external file',
      qcow2Image({ extensions: [[EXTERNAL_FILE, 'x']] }),
      [
        [0, 8],
        [20, 24],
        [72, 80],
        [100, 120],
      ],
    ],
    [
      'VMDK with a parent',
      vmdkImage({ more: ['#parentFileNameHint="/x"'] }),
      [
        [0, 4],
        [512, 1200],
      ],
    ],
    [
      'VMDK with a foreign extent',
      vmdkImage({ extents: ['RW 1 FLAT "/x" 0'] }),
      [
        [0, 4],
        [512, 1200],
      ],
    ],
    ['descriptor', textImage(vmdkDescriptor({ type: 'monolithicFlat' })), [[0, 40]]],
    [
      'differencing VHD',
      dynamicVhdImage(4),
      [
        [0, 8],
        [60, 64],
      ],
    ],
    [
      'VDI with a parent',
      vdiImage({ parent: 'x' }),
      [
        [0x40, 0x44],
        [0x1a8, 0x1b8],
      ],
    ],
    [
      'QED with a backing file',
      qedImage({ features: 1n }),
      [
        [0, 4],
        [16, 24],
      ],
    ],
    [
      'qcow2 that is an ISO too',
      overwritten(qcow2Image(), 32_768, isoImage().subarray(32_768)),
      [
        [0, 4],
        [32_769, 32_774],
      ],
    ],
  ];

  it.each(refused)('stays refused when all other bytes change: %s', (_, image, reasons) => {
    const matters = (at: number): boolean => reasons.some(([from, to]) => at >= from && at < to);
    const change = fc.tuple(fc.oneof(fc.nat(Math.min(image.length, 300) - 1), fc.nat(image.length - 1)), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const changed = Uint8Array.from(image);
        for (const [at, value] of changes) if (!matters(at)) changed[at] = value;
        expect(refusalReason(changed)).not.toBeNull();
      }),
    );
  });

  it.each(refused)('stays refused with any bytes after it: %s', (_, image) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (more) => {
        expect(refusalReason(overwritten(image, image.length, more))).not.toBeNull();
      }),
    );
  });

  it('is recognised by its head and tail alone', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(255), (at, value) => {
        const image = overwritten(vmdkImage(), 200_000, new Uint8Array(TAIL_BYTES));
        const changed = Uint8Array.from(image);
        changed[HEAD_BYTES + at] = value;
        expect(inspect(changed)).toEqual(inspect(image));
      }),
    );
  });
});
