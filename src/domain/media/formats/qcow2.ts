import type { Bytes } from '../../shared/bytes.ts';
import { hasAt, headerAt, sizeOf } from './fields.ts';
import { refuse, type FormatReader, type Image, type ImageContent, type Span } from './image.ts';
import { requireHarmlessExtensions } from './qcow2-extensions.ts';

/*
 * Rules with a section name come from the “Qcow2 Image File Format” of QEMU's interoperability
 * documents. The limits of tables are those of QEMU: a header beyond them only makes a reader
 * allocate memory (OSSA-2016-012).
 */
const HEADER_V2 = 72;
const HEADER_V3 = 104;
const MIN_CLUSTER_BITS = 9;
/** “Header”, cluster_bits: QEMU takes clusters of 2 MiB at most. */
const MAX_CLUSTER_BITS = 21;
const MIN_CLUSTER_BITS_EXTENDED = 14;
const MAX_REFCOUNT_ORDER = 6;
const MAX_L1_BYTES = 32n * 1024n * 1024n;
const MAX_REFCOUNT_TABLE_BYTES = 8n * 1024n * 1024n;
const MAX_SNAPSHOTS = 65_536;
const ZSTD = 1;
const NO_ENCRYPTION = 0;
const AES = 1;
const LUKS = 2;

/** “Header”, incompatible_features: an image with any other bit set must not be opened. */
const INCOMPATIBLE = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  externalFile: 1n << 2n,
  compression: 1n << 3n,
  extended: 1n << 4n,
};
/**
 * The accepted bits. The counters of a dirty image are rebuilt by QEMU; the other two change how
 * the image is read.
 */
const UNDERSTOOD = INCOMPATIBLE.dirty | INCOMPATIBLE.compression | INCOMPATIBLE.extended;
/** “Header”, autoclear_features: bit 1 is about an external file. */
const RAW_EXTERNAL_FILE = 1n << 1n;

/** A qcow2 image, versions 2 and 3, without references to other files. */
export const qcow2: FormatReader = {
  format: 'qcow2',
  matches: ({ head }) => hasAt(head, 0, 'QFI\xfb'),
  read: readQcow2,
};

function readQcow2(image: Image): ImageContent {
  const header = headerAt(image, 0, HEADER_V2, 'qcow2 header');
  const version = header.getUint32(4);
  if (version !== 2 && version !== 3) refuse('only versions 2 and 3 of qcow2 are known');
  // OSSA-2015-014: to convert or run such an image reads a file of the host that its uploader
  // chose.
  if (header.getBigUint64(8) !== 0n) refuse('the qcow2 image has a backing file');
  const encrypted = isEncrypted(header.getUint32(32));
  const clusterBits = header.getUint32(20);
  if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
    refuse('the qcow2 image has clusters of an invalid size');
  }
  const clusterSize = 1 << clusterBits;
  const { headerLength, extended } = version === 3 ? readVersion3(image, clusterBits) : VERSION_2;
  const size = header.getBigUint64(24);
  requireTables(header, BigInt(clusterSize));
  requireL1Covers(size, header.getUint32(36), BigInt(clusterSize), extended);
  const { encryption } = requireHarmlessExtensions(image, headerLength, clusterSize);
  if (encrypted) requireOwnKeys(encryption, image.size, clusterSize);
  else if (encryption !== null) refuse('the qcow2 image says that it is encrypted, and that it is not');
  return { virtualSize: sizeOf(size), label: null, ...(encrypted && { encrypted }) };
}

/** “Header”, crypt_method. The keys of LUKS are in the image itself. */
function isEncrypted(method: number): boolean {
  if (method !== NO_ENCRYPTION && method !== AES && method !== LUKS) {
    refuse('the qcow2 image is encrypted in a way that is not known');
  }
  // QEMU has not run guests from such images since 2.9, since its CBC mode is broken by design.
  if (method === AES)
    refuse('the qcow2 image is encrypted with the old AES method: convert it with encrypt.format=luks');
  return method === LUKS;
}

/** “Full disk encryption header pointer”: the LUKS header, a cluster or more of the image. */
function requireOwnKeys(keys: Span | null, size: Bytes, clusterSize: number): void {
  if (keys === null) refuse('the qcow2 image is encrypted and has no keys');
  if (keys.at === 0 || keys.at % clusterSize !== 0 || keys.length === 0 || keys.at + keys.length > size) {
    refuse('the qcow2 image is encrypted and has its keys at an invalid offset');
  }
}

interface Layout {
  readonly headerLength: number;
  /** Whether entries of the L2 tables are twice as long (“Extended L2 Entries”). */
  readonly extended: boolean;
}

/** “Header”: version 2 has no feature bits, and its header always has 72 bytes. */
const VERSION_2: Layout = { headerLength: HEADER_V2, extended: false };

/** “Header” and “Additional fields (version 3 and higher)”. */
function readVersion3(image: Image, clusterBits: number): Layout {
  const header = headerAt(image, 0, HEADER_V3, 'qcow2 header');
  const features = header.getBigUint64(72);
  const has = (feature: bigint): boolean => (features & feature) !== 0n;
  // OSSA-2024-001: as a backing file, in another field.
  if (has(INCOMPATIBLE.externalFile) || (header.getBigUint64(88) & RAW_EXTERNAL_FILE) !== 0n) {
    refuse('the qcow2 image keeps its content in an external file');
  }
  // Any of its tables may be wrong, and QEMU does not open it for writing before it is repaired.
  if (has(INCOMPATIBLE.corrupt)) refuse('the qcow2 image is marked as corrupt');
  if (has(~UNDERSTOOD)) refuse('the qcow2 image needs features that are not known');
  const extended = has(INCOMPATIBLE.extended);
  if (extended && clusterBits < MIN_CLUSTER_BITS_EXTENDED) refuse('the qcow2 image has clusters of an invalid size');
  if (header.getUint32(96) > MAX_REFCOUNT_ORDER) refuse('the qcow2 image has counters of an invalid width');
  const headerLength = header.getUint32(100);
  if (headerLength < HEADER_V3 || headerLength % 8 !== 0 || headerLength > 1 << clusterBits) {
    refuse('the qcow2 header has an invalid length');
  }
  const compression = headerLength > HEADER_V3 ? headerAt(image, HEADER_V3, 1, 'qcow2 header').getUint8(0) : 0;
  if (compression !== (has(INCOMPATIBLE.compression) ? ZSTD : 0)) {
    refuse('the qcow2 image is compressed in a way that is not known');
  }
  return { headerLength, extended };
}

/** “Header”: tables begin at a cluster. */
function requireTables(header: DataView, clusterSize: bigint): void {
  const l1Bytes = BigInt(header.getUint32(36)) * 8n;
  const refcountTableBytes = BigInt(header.getUint32(56)) * clusterSize;
  const snapshots = header.getUint32(60);
  if (l1Bytes > MAX_L1_BYTES || refcountTableBytes > MAX_REFCOUNT_TABLE_BYTES || snapshots > MAX_SNAPSHOTS) {
    refuse('the qcow2 image has tables of an invalid size');
  }
  const offsets = [header.getBigUint64(40), header.getBigUint64(48), snapshots === 0 ? 0n : header.getBigUint64(64)];
  if (offsets.some((offset) => offset % clusterSize !== 0n)) refuse('the qcow2 image has tables at an invalid offset');
}

/** “Cluster mapping”: each L1 entry names an L2 table of one cluster. */
function requireL1Covers(size: bigint, entries: number, clusterSize: bigint, extended: boolean): void {
  const perEntry = (clusterSize / (extended ? 16n : 8n)) * clusterSize;
  if (BigInt(entries) * perEntry < size) refuse('the qcow2 image is larger than its tables');
}
