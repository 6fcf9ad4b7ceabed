import {
  joined,
  overwritten,
  streamVmdkImage,
  vmdkDescriptor,
  vmdkImage,
  withField,
  type VmdkOptions,
} from '../../../support/images/images.ts';
import { inspect, refusalReason, textImage } from './inspect.ts';

const SECTOR = 512;

/** A monolithicSparse VMDK with this text as its descriptor. */
const described = (text: string): Uint8Array =>
  overwritten(overwritten(vmdkImage(), SECTOR, new Uint8Array(20 * SECTOR)), SECTOR, text);

describe('VMDK', () => {
  it('accepts a monolithicSparse disk', () => {
    expect(inspect(vmdkImage())).toEqual({ format: 'vmdk', virtualSize: 1024 * 1024, label: null, encrypted: false });
  });

  it('accepts a streamOptimized disk', () => {
    expect(inspect(streamVmdkImage())).toEqual({
      format: 'vmdk',
      virtualSize: 1024 * 1024,
      label: null,
      encrypted: false,
    });
  });

  it('accepts descriptors as other programs write them', () => {
    const lines = ['encoding="windows-1252"', 'isNativeSnapshot="no"', 'ddb.uuid.image="7c5b"', 'ddb.comment = "a=b"'];
    expect(refusalReason(vmdkImage({ more: lines }))).toBeNull();
    expect(refusalReason(described(vmdkDescriptor().replaceAll('\n', '\r\n')))).toBeNull();
    expect(refusalReason(described(vmdkDescriptor().toUpperCase()))).toBeNull();
    expect(refusalReason(vmdkImage({ extents: ['RDONLY 2048 SPARSE "call-me-stream.vmdk"'] }))).toBeNull();
    expect(refusalReason(vmdkImage({ extents: ['RW 2048 SPARSE ""'] }))).toBeNull();
    expect(
      refusalReason(vmdkImage({ extents: ['RW\t2048  SPARSE "Gr\xc3\xb6\xc3\x9fe \xe7\xa3\x81.vmdk"'] })),
    ).toBeNull();
  });

  it('returns the larger of the two sizes, since readers differ in which they use', () => {
    expect(inspect(vmdkImage({ extents: ['RW 4096 SPARSE "d.vmdk"'] })).virtualSize).toBe(4096 * SECTOR);
    expect(inspect(vmdkImage({ extents: ['RW 2047 SPARSE "d.vmdk"'] })).virtualSize).toBe(2048 * SECTOR);
  });

  it.each([
    'monolithicFlat',
    'twoGbMaxExtentSparse',
    'twoGbMaxExtentFlat',
    'vmfs',
    'vmfsSparse',
    'seSparse',
    'custom',
    '',
  ])('refuses the type %j', (type) => {
    expect(refusalReason(vmdkImage({ type }))).toMatch(/types/);
  });

  it.each([
    ['another directory', 'RW 2048 SPARSE "/etc/passwd"', /another file/],
    ['a directory below', 'RW 2048 SPARSE "a/b.vmdk"', /another file/],
    ['a directory of Windows', 'RW 2048 SPARSE "..\\\\b.vmdk"', /another file/],
    ['a volume of Windows', 'RW 2048 SPARSE "c:b.vmdk"', /another file/],
    ['another protocol', 'RW 2048 SPARSE "nbd:host:1"', /another file/],
    ['the directory', 'RW 2048 SPARSE "."', /another file/],
    ['the directory above', 'RW 2048 SPARSE ".."', /another file/],
    ['a flat file', 'RW 2048 FLAT "disk.vmdk" 0', /not known/],
    ['a disk of ESX', 'RW 2048 VMFS "disk.vmdk"', /not known/],
    ['an offset in a file', 'RW 2048 SPARSE "disk.vmdk" 1', /not known/],
    ['no file', 'RW 2048 ZERO', /not known/],
    ['no name', 'RW 2048 SPARSE disk.vmdk', /not known/],
    ['two names', 'RW 2048 SPARSE "a.vmdk" "b.vmdk"', /not known/],
    ['a negative size', 'RW -1 SPARSE "disk.vmdk"', /not known/],
    ['an endless size', `RW ${'9'.repeat(40)} SPARSE "disk.vmdk"`, /not known/],
    ['no access', 'NOACCESS 2048 SPARSE "disk.vmdk"', /not known/],
  ])('refuses an extent that names %s', (_, extent, reason) => {
    expect(refusalReason(vmdkImage({ extents: [extent] }))).toMatch(reason);
  });

  it('refuses any number of extents except one', () => {
    const own = 'RW 2048 SPARSE "disk.vmdk"';
    expect(refusalReason(vmdkImage({ extents: [] }))).toMatch(/several files/);
    expect(refusalReason(vmdkImage({ extents: [own, 'RW 2048 FLAT "/dev/sda" 0'] }))).toMatch(/several files/);
    expect(refusalReason(vmdkImage({ extents: [own, own] }))).toMatch(/several files/);
  });

  it.each([
    'parentFileNameHint="/etc/passwd"',
    '# parentFileNameHint="/etc/passwd"',
    'PARENTFILENAMEHINT="/etc/passwd"',
    'ddb.comment = "parentFileNameHint=/etc/passwd"',
    'changeTrackPath="disk-ctk.vmdk"',
    'ddb.nativeParentHint = "base.vmdk"',
    'ddb.sidecars = "filter_1.vmfd;"',
  ])('refuses a descriptor that names another file anywhere: %s', (line) => {
    expect(refusalReason(vmdkImage({ more: [line] }))).toMatch(/another file/);
  });

  it('refuses a parent by its content id, or as a snapshot of the storage', () => {
    expect(refusalReason(vmdkImage({ parentCid: '2f7c1a90' }))).toMatch(/parent/);
    expect(refusalReason(vmdkImage({ parentCid: '' }))).toMatch(/parent/);
    expect(refusalReason(vmdkImage({ more: ['isNativeSnapshot="yes"'] }))).toMatch(/parent/);
    expect(refusalReason(described(vmdkDescriptor().replace('parentCID', '# parentCID')))).toMatch(/parent/);
  });

  it.each(['createType="streamOptimized"', 'parentCID=ffffffff', 'createtype = "monolithicFlat"'])(
    'refuses what is said twice: %s',
    (line) => {
      expect(refusalReason(vmdkImage({ more: [line] }))).toMatch(/twice/);
    },
  );

  it.each(['objectStorage="vsan://1"', 'include other.vmdk', 'ddb', '= 1'])('refuses the unknown line %j', (line) => {
    expect(refusalReason(vmdkImage({ more: [line] }))).not.toBeNull();
  });

  it('refuses characters that some readers treat as the end of a line', () => {
    expect(refusalReason(vmdkImage({ more: ['# a comment\rRW 1 FLAT "/etc/passwd" 0'] }))).toMatch(/not text/);
    expect(refusalReason(vmdkImage({ more: ['# a comment\x0bRW 1 FLAT "/etc/passwd" 0'] }))).toMatch(/not text/);
    expect(refusalReason(vmdkImage({ more: ['# \x1b[2J'] }))).toMatch(/not text/);
  });

  it('refuses a descriptor with bytes after its terminator', () => {
    const full = vmdkDescriptor().padEnd(20 * SECTOR, '\n');
    expect(refusalReason(described(full))).toMatch(/does not end/);
    expect(refusalReason(described(`${vmdkDescriptor()}\0RW 1 FLAT "/etc/passwd" 0`))).toMatch(/goes on/);
    expect(refusalReason(withField(described(full.slice(0, -1)), 'little', [36, 64, 1]))).toMatch(/does not end/);
  });

  it('accepts the rest of a longer content id that QEMU leaves behind a descriptor', () => {
    expect(refusalReason(described(`${vmdkDescriptor()}\x00"ide"\n`))).toBeNull();
    expect(refusalReason(described(`${vmdkDescriptor()}\x00 "ide"\n`))).toMatch(/goes on/);
  });

  it('refuses a descriptor at any offset except the one where QEMU looks for a parent', () => {
    const innocent = overwritten(vmdkImage(), 40 * SECTOR, vmdkDescriptor());
    expect(refusalReason(withField(innocent, 'little', [28, 64, 40]))).toMatch(/invalid offset/);
    expect(refusalReason(vmdkImage({ descriptorSector: 2n ** 64n - 1n }))).toMatch(/invalid offset/);
    expect(refusalReason(vmdkImage({ descriptorSectors: 101 }))).toMatch(/invalid offset/);
    expect(refusalReason(vmdkImage({ descriptorSectors: 2n ** 63n }))).toMatch(/invalid offset/);
  });

  it('refuses an extent without a descriptor', () => {
    expect(refusalReason(vmdkImage({ descriptorSector: 0, descriptorSectors: 0 }))).toMatch(/several files/);
  });

  it.each<[VmdkOptions, RegExp]>([
    [{ version: 0 }, /versions/],
    [{ version: 4 }, /versions/],
    [{ capacity: 0 }, /no content/],
    [{ capacity: 2n ** 63n }, /larger than its tables/],
    [{ grain: 0 }, /grains/],
    [{ grain: 4 }, /grains/],
    [{ grain: 100 }, /grains/],
    [{ grain: 2 ** 22 }, /grains/],
    [{ tableEntries: 0 }, /tables/],
    [{ tableEntries: 513 }, /tables/],
  ])('refuses an invalid header: %p', (options, reason) => {
    expect(refusalReason(vmdkImage({ extents: ['RW 2048 SPARSE "disk.vmdk"'], ...options }))).toMatch(reason);
  });

  it('refuses a footer that contradicts the header', () => {
    const contradicting = [
      [4, 32, 1],
      [8, 32, 3],
      [12, 64, 4096],
      [12, 64, 0],
      [20, 64, 8],
      [28, 64, 40],
      [36, 64, 40],
      [44, 32, 8],
      [56, 64, -1n],
      [77, 16, 0],
    ] as const;
    for (const field of contradicting)
      expect(refusalReason(streamVmdkImage({ footer: [field] }))).toMatch(/contradicts/);
  });

  it('accepts a footer without the location of the descriptor', () => {
    expect(
      refusalReason(
        streamVmdkImage({
          footer: [
            [28, 64, 0],
            [36, 64, 0],
          ],
        }),
      ),
    ).toBeNull();
  });

  it('refuses a stream that is truncated, or goes on', () => {
    const image = streamVmdkImage();
    const cutOff = /cut off before its footer/;
    expect(refusalReason(image.subarray(0, SECTOR))).toMatch(cutOff);
    expect(refusalReason(image.subarray(0, -SECTOR))).toMatch(cutOff);
    expect(refusalReason(image.subarray(0, -1))).toMatch(cutOff);
    expect(refusalReason(joined(image.subarray(0, -1536), new Uint8Array(1), image.subarray(-1536)))).toMatch(cutOff);
    expect(refusalReason(overwritten(image, image.length, new Uint8Array(SECTOR)))).toMatch(cutOff);
    expect(refusalReason(overwritten(image, image.length - 1536 + 12, '\x02'))).toMatch(cutOff);
    expect(refusalReason(overwritten(image, image.length - 1024, 'COWD'))).toMatch(cutOff);
    expect(refusalReason(withField(image, 'little', [image.length - SECTOR + 12, 32, 1]))).toMatch(/goes on/);
  });

  it.each([4, 100, 511, 512, 1000])('refuses a disk that ends within its header, after %i bytes', (length) => {
    expect(refusalReason(vmdkImage().subarray(0, length))).toMatch(/cut off/);
  });

  it('refuses the extents of ESX, which a descriptor or a parent completes', () => {
    expect(refusalReason(textImage('COWD\x01\0\0\0'))).toMatch(/several files/);
  });
});

describe('a separate VMDK descriptor', () => {
  const flat = vmdkDescriptor({ type: 'monolithicFlat', extents: ['RW 4 FLAT "/etc/passwd" 0'] });

  it.each([
    ['as VMware writes it', flat],
    ['as Windows writes it', flat.replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\ufeff${flat}`],
    ['after empty lines', `\n \n\t\n${flat}`],
    ['without its first line', flat.slice(flat.indexOf('version'))],
    ['after a thousand comments', '# nothing\n'.repeat(1000) + flat.slice(flat.indexOf('version'))],
    ['without a version', flat.replace('version=1', '')],
    ['with the type in a comment', 'version=1\n# createType="monolithicFlat"\nRW 4 FLAT "/etc/passwd" 0\n'],
    ['with only a version', 'version=1\n'],
    ['with only an extent', 'hello\nRW 4 FLAT "/etc/passwd" 0\n'],
    ['with only a type', 'hello, createType = "vmfsSparse"'],
    ['followed by zeros', `${flat}${'\0'.repeat(100_000)}`],
    ['followed by a disk', `${flat}\0${'x'.repeat(100_000)}`],
  ])('is refused: %s', (_, text) => {
    expect(refusalReason(textImage(text))).toMatch(/descriptor/);
  });

  it.each([
    '',
    '\n',
    '#!/bin/sh\nexit 0\n',
    '#cloud-config\nversion: 1\n',
    'version=1.2\n',
    'name=x\nversion=1\n',
    'the version=1\n',
    'RW means read and write\n',
    'const createType = () => 1;\n',
    '\0version=1\n',
    'version = 2\n[package]\n',
    'version=4\n',
    'Version=1\n',
    'version="1"\n',
  ])('is not recognised in other text: %j', (text) => {
    expect(inspect(textImage(text))).toEqual({
      format: 'raw',
      virtualSize: text.length,
      label: null,
      encrypted: false,
    });
  });
});
