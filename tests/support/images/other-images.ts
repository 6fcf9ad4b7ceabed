import { bytesWith, joined, overwritten } from './images.ts';

/**
 * Small, empty images of the formats that Platter does not parse further. As in `images.ts`,
 * options are written unchecked.
 */

const SECTOR = 512;
const MIB = 1 << 20;

/** Writes a VHD checksum: the complement of the sum of all bytes. */
function checksummed(record: Uint8Array, at: number): Uint8Array {
  const sum = record.reduce((total, byte) => total + byte, 0);
  return overwritten(record, at, bytesWith(4, 'big', [[0, 32, ~sum >>> 0]]));
}

/** Returns the footer of a VHD. Type 2 is fixed, 3 dynamic, 4 differencing. */
export function vhdFooter(
  type: number,
  virtualSize: number | bigint,
  cylinders = 1,
  heads = 4,
  sectors = 17,
): Uint8Array {
  const footer = bytesWith(SECTOR, 'big', [
    [8, 32, 2],
    [12, 32, 0x0001_0000],
    [16, 64, type === 2 ? -1n : SECTOR],
    [40, 64, virtualSize],
    [48, 64, virtualSize],
    [56, 16, cylinders],
    [58, 8, heads],
    [59, 8, sectors],
    [60, 32, type],
  ]);
  return checksummed(overwritten(overwritten(footer, 0, 'conectix'), 28, 'win Wi2k'), 64);
}

/** Returns a dynamic VHD: of type 3, or of another type with the same structure. */
export function dynamicVhdImage(type = 3, virtualSize: number | bigint = 4 * MIB): Uint8Array {
  const header = bytesWith(2 * SECTOR, 'big', [
    [8, 64, -1n],
    [16, 64, 3 * SECTOR],
    [24, 32, 0x0001_0000],
    [28, 32, 2],
    [32, 32, 2 * MIB],
  ]);
  const footer = vhdFooter(type, virtualSize);
  const table = new Uint8Array(SECTOR).fill(0xff);
  return joined(footer, checksummed(overwritten(header, 0, 'cxsparse'), 36), table, footer);
}

/** Returns a fixed VHD: the disk itself, then the footer. */
export function fixedVhdImage(disk: Uint8Array): Uint8Array {
  return joined(disk, vhdFooter(2, disk.length));
}

/**
 * Returns a VDI: type 1 is dynamic, 2 fixed, 4 differencing. `parent` holds the first bytes of the
 * parent's UUID.
 */
export function vdiImage({ type = 1, version = 0x0001_0001, parent = '', virtualSize = 2 * MIB } = {}): Uint8Array {
  const header = bytesWith(SECTOR, 'little', [
    [0x40, 32, 0xbeda107f],
    [0x44, 32, version],
    [0x48, 32, 0x190],
    [0x4c, 32, type],
    [0x154, 32, SECTOR],
    [0x158, 32, 2 * SECTOR],
    [0x168, 32, SECTOR],
    [0x170, 64, virtualSize],
    [0x178, 32, MIB],
    [0x180, 32, 2],
  ]);
  const named = overwritten(overwritten(header, 0, '<<< Virtual Disk Image >>>\n'), 0x188, 'an image of a disk');
  return joined(overwritten(named, 0x1a8, parent), new Uint8Array(SECTOR).fill(0xff));
}

/** Returns a QED image. Feature bit 0 says that it has a backing file. */
export function qedImage({ features = 0n, virtualSize = MIB } = {}): Uint8Array {
  const cluster = 4096;
  const header = bytesWith(3 * cluster, 'little', [
    [4, 32, cluster],
    [8, 32, 2],
    [12, 32, 1],
    [16, 64, features],
    [40, 64, cluster],
    [48, 64, virtualSize],
    [56, 32, 64],
    [60, 32, 11],
  ]);
  return overwritten(overwritten(header, 0, 'QED\0'), 64, '/etc/passwd');
}

/** Returns an expandable Parallels image. */
export function parallelsImage({ version = 2, extension = 0 } = {}): Uint8Array {
  const header = bytesWith(2 * SECTOR, 'little', [
    [16, 32, version],
    [20, 32, 16],
    [24, 32, 4],
    [28, 32, 2048],
    [32, 32, 2],
    [36, 64, 4096],
    [56, 64, extension],
  ]);
  return overwritten(header, 0, 'WithoutFreeSpace');
}
