/**
 * Small disk images: empty, but complete enough for programs that read such formats. Options are
 * written unchecked, valid or not.
 */

type Order = 'big' | 'little';
export type Field = readonly [offset: number, bits: 8 | 16 | 32 | 64, value: number | bigint];

const SECTOR = 512;

/** Returns zeros with the given fields written over them. */
export function bytesWith(length: number, order: Order, fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const [offset, bits, value] of fields) {
    if (bits === 8) view.setUint8(offset, Number(value));
    else if (bits === 16) view.setUint16(offset, Number(value), order === 'little');
    else if (bits === 32) view.setUint32(offset, Number(value), order === 'little');
    else view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), order === 'little');
  }
  return bytes;
}

/**
 * Returns a copy of `image` with a text (one byte per character) or bytes written over it, extended
 * if needed.
 */
export function overwritten(image: Uint8Array, offset: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const copy = new Uint8Array(Math.max(image.length, offset + bytes.length));
  copy.set(image);
  copy.set(bytes, offset);
  return copy;
}

/** Returns a copy of `image` with one number changed. */
export function withField(image: Uint8Array, order: Order, [offset, bits, value]: Field): Uint8Array {
  return overwritten(image, offset, bytesWith(bits / 8, order, [[0, bits, value]]));
}

/** Returns the concatenated parts. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export interface Qcow2Options {
  readonly version?: number;
  readonly clusterBits?: number;
  readonly virtualSize?: number | bigint;
  readonly backingFile?: string;
  readonly encryption?: number;
  readonly incompatible?: bigint;
  readonly autoclear?: bigint;
  readonly refcountOrder?: number;
  readonly headerLength?: number;
  readonly compression?: number;
  readonly l1Entries?: number;
  readonly extensions?: readonly (readonly [kind: number, content: string])[];
}

/** Returns a qcow2 image: header, refcounts and an L1 table, without allocated clusters. */
export function qcow2Image(options: Qcow2Options = {}): Uint8Array {
  const { version = 3, clusterBits = 16, virtualSize = 1 << 20, incompatible = 0n, backingFile } = options;
  const { headerLength = version === 2 ? 72 : 112, extensions = [], compression = 0 } = options;
  const cluster = 1 << Math.min(Math.max(clusterBits, 9), 21);
  const covered = (cluster / ((incompatible & 16n) === 0n ? 8 : 16)) * cluster;
  const l1Entries = options.l1Entries ?? Math.max(1, Math.ceil(Number(virtualSize) / covered));
  const l1Clusters = Math.ceil(Math.min(l1Entries * 8, cluster) / cluster);
  const backingAt = backingFile === undefined ? 0 : cluster - 1024 < 200 ? 200 : cluster - 1024;
  const fields: Field[] = [
    [4, 32, version],
    [8, 64, backingAt],
    [16, 32, backingFile?.length ?? 0],
    [20, 32, clusterBits],
    [24, 64, virtualSize],
    [32, 32, options.encryption ?? 0],
    [36, 32, l1Entries],
    [40, 64, 3 * cluster],
    [48, 64, cluster],
    [56, 32, 1],
  ];
  const third: Field[] = [
    [72, 64, incompatible],
    [88, 64, options.autoclear ?? 0n],
    [96, 32, options.refcountOrder ?? 4],
    [100, 32, headerLength],
  ];
  let image = bytesWith(cluster, 'big', version === 2 ? fields : [...fields, ...third]);
  image = overwritten(image, 0, 'QFI\xfb');
  if (version === 3) image[104] = compression;
  let at = Math.min(headerLength, cluster);
  for (const [kind, content] of extensions) {
    const prefix = bytesWith(8, 'big', [
      [0, 32, kind],
      [4, 32, content.length],
    ]);
    image = overwritten(overwritten(image, at, prefix), at + 8, content);
    at += 8 + Math.ceil(content.length / 8) * 8;
  }
  if (backingFile !== undefined) image = overwritten(image, backingAt, backingFile);
  const refcountTable = bytesWith(cluster, 'big', [[0, 64, 2 * cluster]]);
  const used = Array.from({ length: 3 + l1Clusters }, (_, at): Field => [2 * at, 16, 1]);
  return joined(image, refcountTable, bytesWith(cluster, 'big', used), new Uint8Array(l1Clusters * cluster));
}

export interface VmdkOptions {
  readonly type?: string;
  readonly parentCid?: string;
  /** Replaces the extent of the disk itself. */
  readonly extents?: readonly string[];
  /** Lines after the extents. */
  readonly more?: readonly string[];
  readonly version?: number;
  readonly capacity?: number | bigint;
  readonly grain?: number;
  readonly tableEntries?: number;
  readonly descriptorSector?: number | bigint;
  readonly descriptorSectors?: number | bigint;
  /** Overrides for the header in the footer, if the image has one. */
  readonly footer?: readonly Field[];
}

/** Returns the text of a descriptor. */
export function vmdkDescriptor(options: VmdkOptions = {}): string {
  const { type = 'monolithicSparse', capacity = 2048, parentCid = 'ffffffff' } = options;
  const { extents = [`RW ${capacity} SPARSE "disk.vmdk"`], more = [] } = options;
  return [
    '# Disk DescriptorFile',
    'version=1',
    'CID=2f7c1a90',
    `parentCID=${parentCid}`,
    `createType="${type}"`,
    '',
    '# Extent description',
    ...extents,
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    'ddb.virtualHWVersion = "4"',
    'ddb.geometry.cylinders = "2"',
    'ddb.geometry.heads = "16"',
    'ddb.geometry.sectors = "63"',
    'ddb.adapterType = "ide"',
    ...more,
    '',
  ].join('\n');
}

function vmdkHeader(options: VmdkOptions, own: readonly Field[]): Uint8Array {
  const header = bytesWith(SECTOR, 'little', [
    [4, 32, options.version ?? 1],
    [8, 32, 3],
    [12, 64, options.capacity ?? 2048],
    [20, 64, options.grain ?? 128],
    [28, 64, options.descriptorSector ?? 1],
    [36, 64, options.descriptorSectors ?? 20],
    [44, 32, options.tableEntries ?? 512],
    [64, 64, 128],
    ...own,
  ]);
  return overwritten(overwritten(header, 0, 'KDMV'), 73, '\n \r\n');
}

/**
 * Returns a monolithicSparse VMDK: header, descriptor, twice a directory with one table, no grain.
 */
export function vmdkImage(options: VmdkOptions = {}): Uint8Array {
  const header = vmdkHeader(options, [
    [48, 64, 21],
    [56, 64, 26],
  ]);
  const tables = bytesWith(10 * SECTOR, 'little', [
    [0, 32, 22],
    [5 * SECTOR, 32, 27],
  ]);
  const image = overwritten(new Uint8Array(128 * SECTOR), 0, header);
  return overwritten(overwritten(image, 21 * SECTOR, tables), SECTOR, vmdkDescriptor(options));
}

/**
 * Returns a streamOptimized VMDK: header and descriptor, then an empty directory, the footer and
 * the end-of-stream marker.
 */
export function streamVmdkImage(options: VmdkOptions = {}): Uint8Array {
  const all = { type: 'streamOptimized', version: 3, ...options };
  const compressed: readonly Field[] = [
    [8, 32, 0x30001],
    [77, 16, 1],
  ];
  const marker = (type: number): Uint8Array =>
    bytesWith(SECTOR, 'little', [
      [0, 64, type === 0 ? 0 : 1],
      [12, 32, type],
    ]);
  const beginning = overwritten(new Uint8Array(128 * SECTOR), 0, vmdkHeader(all, [...compressed, [56, 64, -1n]]));
  const footer = vmdkHeader(all, [...compressed, [56, 64, 129], ...(options.footer ?? [])]);
  return joined(
    overwritten(beginning, SECTOR, vmdkDescriptor(all)),
    marker(2),
    new Uint8Array(SECTOR),
    marker(3),
    footer,
    marker(0),
  );
}
