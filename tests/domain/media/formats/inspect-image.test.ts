import { HEAD_BYTES, inspectImage, TAIL_BYTES } from '../../../../src/domain/media/formats/inspect-image.ts';
import { requireFormat } from '../../../../src/domain/media/formats/require-format.ts';
import { bytes, type Bytes } from '../../../../src/domain/shared/bytes.ts';
import { isFailure } from '../../../../src/domain/shared/domain-error.ts';
import {
  bytesWith,
  overwritten,
  qcow2Image,
  streamVmdkImage,
  vmdkDescriptor,
  vmdkImage,
} from '../../../support/images/images.ts';
import { isoImage, partitionTable } from '../../../support/images/iso-images.ts';
import { dynamicVhdImage, fixedVhdImage, qedImage, vdiImage, vhdFooter } from '../../../support/images/other-images.ts';
import { inspect, refusalReason } from './inspect.ts';

const volume = isoImage().subarray(32_768);
/** The image with the descriptor of an ISO 9660 volume. */
const withVolume = (image: Uint8Array): Uint8Array => overwritten(image, 32_768, volume);

describe('inspectImage', () => {
  it.each([0, 1, 3, 511, 512, 100_000])('recognises %i zeros as raw', (length) => {
    expect(inspect(new Uint8Array(length))).toEqual({
      format: 'raw',
      virtualSize: length,
      label: null,
      encrypted: false,
    });
  });

  it('recognises a disk with partitions as raw', () => {
    for (const gpt of [false, true]) {
      expect(inspect(overwritten(new Uint8Array(100_000), 0, partitionTable(gpt))).format).toBe('raw');
    }
  });

  it('recognises an incomplete signature as raw', () => {
    for (const signature of ['QFI', 'KDM', 'conecti', 'QED', 'LUKS']) {
      expect(inspect(overwritten(new Uint8Array(), 0, signature)).format).toBe('raw');
    }
  });

  it.each([
    ['qcow2 and ISO', withVolume(qcow2Image())],
    ['VMDK and ISO', withVolume(vmdkImage())],
    ['stream VMDK and ISO', withVolume(streamVmdkImage())],
    ['VMDK descriptor and ISO', isoImage({ systemArea: Buffer.from(vmdkDescriptor({ type: 'vmfs' })) })],
    ['VDI and ISO', withVolume(vdiImage())],
    ['QED and ISO', withVolume(qedImage())],
    ['LUKS and ISO', isoImage({ systemArea: Buffer.from('LUKS\xba\xbe\0\x01', 'latin1') })],
    ['gzip and ISO', isoImage({ systemArea: Buffer.from('\x1f\x8b\x08', 'latin1') })],
    ['ISO and VHD', fixedVhdImage(isoImage())],
    ['qcow2 and VHD', fixedVhdImage(qcow2Image())],
    ['qcow2 and VDI', overwritten(qcow2Image({ version: 2 }), 0x40, '\x7f\x10\xda\xbe')],
    ['VHDX and VHD', overwritten(dynamicVhdImage(), 0, 'vhdxfile')],
    ['isohybrid and VHD', fixedVhdImage(isoImage({ systemArea: partitionTable(true) }))],
  ])('refuses an image that matches two formats: %s', (_, image) => {
    expect(refusalReason(image)).toMatch(/^it fits two formats at once, \w+ and \w+$/);
  });

  it('ignores bytes beyond HEAD_BYTES and TAIL_BYTES', () => {
    const beyond = overwritten(vmdkImage(), HEAD_BYTES, 'parentFileNameHint="/etc/passwd"');
    expect(inspectImage(beyond, beyond, bytes(beyond.length))).toEqual(inspect(vmdkImage()));
    const early = overwritten(new Uint8Array(200_000), 200_000 - TAIL_BYTES - 512, vhdFooter(4, 1));
    expect(inspectImage(early, early, bytes(early.length)).format).toBe('raw');
  });

  it('needs a small head and tail', () => {
    expect(HEAD_BYTES).toBeLessThanOrEqual(128 * 1024);
    expect(TAIL_BYTES).toBeLessThanOrEqual(4 * 1024);
  });

  it('discloses no bytes of a refused image', () => {
    const image = vmdkImage({ extents: ['RW 2048 SPARSE "/etc/shadow"'] });
    expect(refusalReason(image)).not.toMatch(/shadow/);
  });

  it.each(['\n', ' ', '#', '\t', '#\n', ' \n', 'createType', 'RW 1 ', 'version=1 ', '"', '='])(
    'comes to an end over as many %j as it looks at',
    (text) => {
      const image = Buffer.from(text.repeat(HEAD_BYTES / text.length));
      expect(() => refusalReason(image)).not.toThrow();
      const descriptor = overwritten(vmdkImage({ descriptorSectors: 100 }), 512, image.subarray(0, 99 * 512));
      expect(refusalReason(overwritten(descriptor, 100 * 512, new Uint8Array(1024)))).not.toBeNull();
    },
  );

  it('reads a view of a larger buffer within its bounds', () => {
    const around = overwritten(bytesWith(300_000, 'big', []), 1001, qcow2Image({ backingFile: '/etc/passwd' }));
    expect(refusalReason(around.subarray(1001))).toMatch(/backing file/);
  });
});

describe('requireFormat', () => {
  const facts = inspect(qcow2Image({ virtualSize: 10_000 }));
  const refused = (maxVirtualBytes: Bytes | null): boolean => {
    try {
      requireFormat(facts, maxVirtualBytes);
      return false;
    } catch (error) {
      return isFailure(error, 'format-refused');
    }
  };

  it('refuses a virtual size above the limit, and any size without a limit passes', () => {
    expect(refused(bytes(9_999))).toBe(true);
    expect(refused(bytes(10_000))).toBe(false);
    expect(refused(null)).toBe(false);
  });
});
