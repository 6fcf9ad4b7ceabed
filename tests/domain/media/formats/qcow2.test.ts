import { qcow2Image, withField, type Field, type Qcow2Options } from '../../../support/images/images.ts';
import { inspect, refusalReason } from './inspect.ts';

const EXTERNAL_FILE = 0x44415441;
const BACKING_FORMAT = 0xe2792aca;
const FEATURE_NAMES = 0x6803f857;
const BITMAPS = 0x23852875;
const ENCRYPTION_HEADER = 0x0537be77;

const CLUSTER = 65_536;

/** The extension with the span of the LUKS header. */
function keys(cluster: number, length: number): readonly [number, string] {
  const pointer = Buffer.alloc(16);
  pointer.writeBigUInt64BE(BigInt(cluster * CLUSTER), 0);
  pointer.writeBigUInt64BE(BigInt(length), 8);
  return [ENCRYPTION_HEADER, pointer.toString('latin1')];
}

const changed = (field: Field, options?: Qcow2Options): Uint8Array => withField(qcow2Image(options), 'big', field);

describe('qcow2', () => {
  it.each<Qcow2Options>([
    { version: 2 },
    { version: 3, headerLength: 104 },
    { version: 3, headerLength: 112 },
    { clusterBits: 9 },
    { clusterBits: 21 },
  ])('accepts an image without references to other files: %j', (options) => {
    const facts = inspect(qcow2Image({ ...options, virtualSize: 3 * 1024 * 1024 }));
    expect(facts).toEqual({ format: 'qcow2', virtualSize: 3 * 1024 * 1024, label: null, encrypted: false });
  });

  it('returns the virtual size, not the size of the image', () => {
    const image = qcow2Image({ clusterBits: 21, virtualSize: 5 * 2 ** 40 });
    expect(inspect(image).virtualSize).toBe(5 * 2 ** 40);
    expect(image.length).toBeLessThan(16 * 2 ** 20);
  });

  it('accepts a dirty image', () => {
    expect(inspect(qcow2Image({ incompatible: 1n })).format).toBe('qcow2');
  });

  it('accepts compression by zstd, extended L2 entries, and both', () => {
    expect(inspect(qcow2Image({ incompatible: 8n, compression: 1 })).format).toBe('qcow2');
    expect(inspect(qcow2Image({ incompatible: 16n })).format).toBe('qcow2');
    expect(inspect(qcow2Image({ incompatible: 24n, compression: 1 })).format).toBe('qcow2');
  });

  it('accepts unknown extensions, and those without a name of a file', () => {
    const extensions = [
      [FEATURE_NAMES, 'x'.repeat(48 * 7)],
      [BITMAPS, 'x'.repeat(24)],
      [0x12345678, 'odd'],
    ] as const;
    expect(inspect(qcow2Image({ extensions })).format).toBe('qcow2');
    expect(inspect(qcow2Image({ version: 2, extensions })).format).toBe('qcow2');
  });

  it('accepts extensions that fill the first cluster to its end', () => {
    const extensions = [[FEATURE_NAMES, 'x'.repeat(512 - 112 - 8)]] as const;
    expect(inspect(qcow2Image({ clusterBits: 9, extensions })).format).toBe('qcow2');
  });

  it.each([2, 3])('refuses a backing file in version %i', (version) => {
    expect(refusalReason(qcow2Image({ version, backingFile: '/etc/passwd' }))).toMatch(/backing file/);
  });

  it('refuses the format of a backing file without a backing file', () => {
    expect(refusalReason(qcow2Image({ extensions: [[BACKING_FORMAT, 'raw']] }))).toMatch(/backing file/);
    expect(refusalReason(qcow2Image({ version: 2, extensions: [[BACKING_FORMAT, 'raw']] }))).toMatch(/backing file/);
  });

  it('refuses an external file in each of the three fields for it', () => {
    expect(refusalReason(qcow2Image({ incompatible: 4n }))).toMatch(/external file/);
    expect(refusalReason(qcow2Image({ autoclear: 2n }))).toMatch(/external file/);
    expect(refusalReason(qcow2Image({ extensions: [[EXTERNAL_FILE, 'secret']] }))).toMatch(/external file/);
  });

  it('finds an extension after others', () => {
    const extensions = [
      [FEATURE_NAMES, 'x'.repeat(48)],
      [0x1, ''],
      [EXTERNAL_FILE, '/etc/passwd'],
    ] as const;
    expect(refusalReason(qcow2Image({ extensions }))).toMatch(/external file/);
  });

  it.each([5n, 6n, 31n, 32n, 40n, 63n])('refuses the unknown incompatible feature %s', (bit) => {
    expect(refusalReason(qcow2Image({ incompatible: 1n << bit }))).toMatch(/features/);
  });

  it('accepts unknown features that are compatible or autoclear', () => {
    expect(inspect(changed([80, 64, -1n])).format).toBe('qcow2');
    expect(inspect(qcow2Image({ autoclear: 1n })).format).toBe('qcow2');
  });

  it('reads no features in version 2, whose header ends before them', () => {
    expect(inspect(changed([80, 64, 4n], { version: 2 })).format).toBe('qcow2');
  });

  it('refuses an image that is marked as corrupt', () => {
    expect(refusalReason(qcow2Image({ incompatible: 2n }))).toMatch(/corrupt/);
  });

  it.each([1, 2, 7])('refuses encryption by method %i without keys, and keys without encryption', (encryption) => {
    expect(refusalReason(qcow2Image({ encryption }))).toMatch(/encrypted/);
    expect(refusalReason(qcow2Image({ extensions: [[ENCRYPTION_HEADER, 'x'.repeat(16)]] }))).toMatch(/encrypted/);
    expect(refusalReason(qcow2Image({ extensions: [keys(1, 4096)] }))).toMatch(/encrypted/);
  });

  it('accepts encryption by LUKS, with its header in the image', () => {
    const image = qcow2Image({ encryption: 2, extensions: [keys(1, 4096)] });
    expect(inspect(image)).toMatchObject({ format: 'qcow2', encrypted: true, virtualSize: 1024 * 1024 });
  });

  it.each([
    ['nowhere', keys(0, 4096)],
    ['within a cluster', keys(1 / 2, 4096)],
    ['behind the end', keys(1, 2 ** 40)],
    ['of no length', keys(1, 0)],
    ['of another form', [ENCRYPTION_HEADER, 'x'.repeat(8)] as const],
  ])('refuses a LUKS header %s', (_, extension) => {
    expect(refusalReason(qcow2Image({ encryption: 2, extensions: [extension] }))).toMatch(/encrypted|invalid/);
  });

  it('refuses two LUKS headers', () => {
    expect(refusalReason(qcow2Image({ encryption: 2, extensions: [keys(1, 4096), keys(2, 4096)] }))).toMatch(/twice/);
  });

  it.each([0, 1, 4, 0xffffffff])('refuses version %i', (version) => {
    expect(refusalReason(qcow2Image({ version }))).toMatch(/versions 2 and 3/);
  });

  it.each([0, 8, 22, 63, 0xffffffff])('refuses clusters of %i bits', (clusterBits) => {
    expect(refusalReason(qcow2Image({ clusterBits }))).toMatch(/clusters/);
  });

  it('refuses extended L2 entries in clusters that are too small for them', () => {
    expect(refusalReason(qcow2Image({ incompatible: 16n, clusterBits: 13 }))).toMatch(/clusters/);
    expect(refusalReason(qcow2Image({ incompatible: 16n, clusterBits: 14 }))).toBeNull();
  });

  it.each([0, 72, 103, 105, 65_544, 0xfffffff8])('refuses a header of %i bytes', (headerLength) => {
    expect(refusalReason(qcow2Image({ headerLength }))).toMatch(/invalid length/);
  });

  it('refuses an unknown, missing or undeclared compression type', () => {
    expect(refusalReason(qcow2Image({ incompatible: 8n, compression: 2 }))).toMatch(/compressed/);
    expect(refusalReason(qcow2Image({ incompatible: 8n, compression: 0 }))).toMatch(/compressed/);
    expect(refusalReason(qcow2Image({ incompatible: 8n, headerLength: 104 }))).toMatch(/compressed/);
    expect(refusalReason(qcow2Image({ compression: 1 }))).toMatch(/compressed/);
  });

  it('refuses counters wider than 64 bits', () => {
    expect(refusalReason(qcow2Image({ refcountOrder: 6 }))).toBeNull();
    expect(refusalReason(qcow2Image({ refcountOrder: 7 }))).toMatch(/counters/);
  });

  it('refuses tables of an invalid size', () => {
    expect(refusalReason(changed([36, 32, 4 * 2 ** 20]))).toBeNull();
    expect(refusalReason(changed([36, 32, 4 * 2 ** 20 + 1]))).toMatch(/tables/);
    expect(refusalReason(changed([56, 32, 129]))).toMatch(/tables/);
    expect(refusalReason(changed([60, 32, 65_537]))).toMatch(/tables/);
  });

  it.each([40, 48])('refuses a table that begins within a cluster, at %i', (at) => {
    expect(refusalReason(changed([at, 64, 65_537]))).toMatch(/tables/);
  });

  it('checks the offset of snapshots only if there are any', () => {
    expect(refusalReason(changed([64, 64, 1]))).toBeNull();
    expect(refusalReason(withField(changed([64, 64, 1]), 'big', [60, 32, 1]))).toMatch(/tables/);
  });

  it('refuses a disk that its tables cannot hold', () => {
    const covered = 8192 * 65_536;
    expect(refusalReason(qcow2Image({ virtualSize: covered, l1Entries: 1 }))).toBeNull();
    expect(refusalReason(qcow2Image({ virtualSize: covered + 1, l1Entries: 1 }))).toMatch(/tables/);
    expect(refusalReason(qcow2Image({ virtualSize: 2n ** 64n - 1n, l1Entries: 1 }))).toMatch(/tables/);
  });

  it('refuses a virtual size beyond 2^53−1', () => {
    const image = qcow2Image({ clusterBits: 21, virtualSize: 2n ** 53n, l1Entries: 2 ** 22 });
    expect(refusalReason(image)).toMatch(/virtual size/);
    expect(inspect(withField(image, 'big', [24, 64, 2n ** 53n - 1n])).virtualSize).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('refuses an extension that goes on after the first cluster', () => {
    const image = qcow2Image({ extensions: [[FEATURE_NAMES, 'x'.repeat(8)]] });
    expect(refusalReason(withField(image, 'big', [116, 32, 65_536]))).toMatch(/invalid length/);
    expect(refusalReason(withField(image, 'big', [116, 32, 0xffffffff]))).toMatch(/invalid length/);
  });

  it('refuses extensions beyond the head of the image', () => {
    const image = qcow2Image({
      clusterBits: 21,
      extensions: [
        [FEATURE_NAMES, 'x'.repeat(100_000)],
        [EXTERNAL_FILE, 'x'],
      ],
    });
    expect(refusalReason(image)).toMatch(/cut off/);
  });

  it('reads a bounded number of extensions', () => {
    const many = (count: number): Uint8Array =>
      qcow2Image({ extensions: Array.from({ length: count }, () => [FEATURE_NAMES, ''] as const) });
    expect(refusalReason(many(60))).toBeNull();
    expect(refusalReason(many(5000))).toMatch(/too many/);
  });

  it.each([4, 8, 71, 103])('refuses an image that ends within its header, after %i bytes', (length) => {
    expect(refusalReason(qcow2Image().subarray(0, length))).toMatch(/cut off/);
  });
});
