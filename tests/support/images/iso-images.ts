import { bytesWith, joined, overwritten, type Field } from './images.ts';

/**
 * Small, empty optical volumes, and other first sectors. As in `images.ts`, options are written
 * unchecked.
 */

const SECTOR = 512;

export interface IsoOptions {
  readonly label?: string | Uint8Array;
  readonly joliet?: string;
  /** Whether the UDF identifiers follow. */
  readonly bridge?: boolean;
  /** The beginning of the first 16 sectors. */
  readonly systemArea?: Uint8Array;
}

const LOGICAL_SECTOR = 2048;

const both16 = (offset: number, value: number): Field[] => [
  [offset, 16, value],
  [offset + 2, 16, value << 8],
];
const both32 = (offset: number, value: number): Field[] => [
  [offset, 32, value],
  [offset + 4, 8, value >> 24],
  [offset + 5, 8, (value >> 16) & 0xff],
  [offset + 6, 8, (value >> 8) & 0xff],
  [offset + 7, 8, value & 0xff],
];
const directoryRecord = (at: number, sector: number, name: number): Field[] => [
  [at, 8, 34],
  ...both32(at + 2, sector),
  ...both32(at + 10, LOGICAL_SECTOR),
  [at + 25, 8, 2],
  ...both16(at + 28, 1),
  [at + 32, 8, 1],
  [at + 33, 8, name],
];

function structure(identifier: string, type = 0): Uint8Array {
  return overwritten(
    bytesWith(LOGICAL_SECTOR, 'little', [
      [0, 8, type],
      [6, 8, 1],
    ]),
    1,
    identifier,
  );
}

function volumeDescriptor(type: number, label: Uint8Array, sectors: number): Uint8Array {
  const fields = [
    ...both32(80, sectors),
    ...both16(120, 1),
    ...both16(124, 1),
    ...both16(128, LOGICAL_SECTOR),
    ...both32(132, 10),
    ...directoryRecord(156, sectors - 1, 0),
  ];
  const numbers = bytesWith(LOGICAL_SECTOR, 'little', [
    [0, 8, type],
    [6, 8, 1],
    ...fields,
    [140, 32, sectors - 3],
    [151, 8, sectors - 2],
    [881, 8, 1],
  ]);
  const dates = Array.from({ length: 4 }, () => `${'0'.repeat(16)}\0`).join('');
  const named = [
    [1, 'CD001'],
    [8, ' '.repeat(64)],
    [40, label],
    [190, ' '.repeat(623)],
    [813, dates],
  ] as const;
  return named.reduce((image, [offset, content]) => overwritten(image, offset, content), numbers);
}

/** Returns an ISO 9660 volume with an empty root directory. */
export function isoImage(options: IsoOptions = {}): Uint8Array {
  const { label = 'EMPTY', joliet, bridge = false, systemArea = new Uint8Array() } = options;
  const ascii = typeof label === 'string' ? Buffer.from(label.padEnd(32).slice(0, 32), 'latin1') : label;
  const sectors = 16 + 2 + (joliet === undefined ? 0 : 1) + (bridge ? 3 : 0) + 3;
  const descriptors = [volumeDescriptor(1, ascii, sectors)];
  if (joliet !== undefined) {
    const wide = Buffer.from(joliet.padEnd(16).slice(0, 16), 'utf16le').swap16();
    descriptors.push(overwritten(volumeDescriptor(2, wide, sectors), 88, '%/E'));
  }
  descriptors.push(structure('CD001', 255));
  if (bridge) descriptors.push(...udfRecognition());
  const pathTables = [
    bytesWith(LOGICAL_SECTOR, 'little', [
      [0, 8, 1],
      [2, 32, sectors - 1],
      [6, 16, 1],
    ]),
    bytesWith(LOGICAL_SECTOR, 'big', [
      [0, 8, 1],
      [2, 32, sectors - 1],
      [6, 16, 1],
    ]),
  ];
  const root = bytesWith(LOGICAL_SECTOR, 'little', [
    ...directoryRecord(0, sectors - 1, 0),
    ...directoryRecord(34, sectors - 1, 1),
  ]);
  const first = overwritten(new Uint8Array(16 * LOGICAL_SECTOR), 0, systemArea);
  return joined(first, ...descriptors, ...pathTables, root);
}

/** Returns the volume recognition sequence of UDF. */
export function udfRecognition(): readonly Uint8Array[] {
  return ['BEA01', 'NSR02', 'TEA01'].map((identifier) => structure(identifier));
}

/** Returns the first sectors of a disk with an MBR, followed by a GPT header if `gpt`. */
export function partitionTable(gpt: boolean): Uint8Array {
  const record = bytesWith(SECTOR, 'little', [
    [446, 8, 0x80],
    [450, 8, gpt ? 0xee : 0x83],
    [454, 32, 1],
    [458, 32, 2047],
    [510, 16, 0xaa55],
  ]);
  return gpt ? joined(record, overwritten(new Uint8Array(SECTOR), 0, 'EFI PART\0\0\x01\0\x5c\0\0\0')) : record;
}
