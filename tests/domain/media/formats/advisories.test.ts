import { requireFormat } from '../../../../src/domain/media/formats/require-format.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import {
  overwritten,
  qcow2Image,
  streamVmdkImage,
  vmdkDescriptor,
  vmdkImage,
  withField,
} from '../../../support/images/images.ts';
import { isoImage, partitionTable } from '../../../support/images/iso-images.ts';
import { inspect, refusalReason, textImage } from './inspect.ts';

const BACKING_FORMAT = 0xe2792aca;
const EXTERNAL_FILE = 0x44415441;
const FLAT = 'RW 4 FLAT "/etc/passwd" 0';

describe('the cases of OpenStack’s advisories', () => {
  describe('OSSA-2015-014 (CVE-2015-5163): a qcow2 image whose backing file is a file of the host', () => {
    it.each(['/etc/passwd', '/proc/self/environ', 'json:{"driver":"nbd"}', 'rbd:pool/secret', '../other-blob', 'x'])(
      'refuses %s',
      (backingFile) => {
        for (const version of [2, 3]) {
          expect(refusalReason(qcow2Image({ version, backingFile }))).toMatch(/backing file/);
          const extensions = [[BACKING_FORMAT, 'raw']] as const;
          expect(refusalReason(qcow2Image({ version, backingFile, extensions }))).toMatch(/backing file/);
        }
      },
    );

    it('refuses one whose name has an unexpected offset or no length', () => {
      expect(refusalReason(withField(qcow2Image(), 'big', [8, 64, 1]))).toMatch(/backing file/);
      expect(refusalReason(withField(qcow2Image(), 'big', [8, 64, 2n ** 64n - 1n]))).toMatch(/backing file/);
    });
  });

  describe('OSSA-2016-012 (CVE-2015-5162): a header that makes a reader take all memory, time or space', () => {
    it('refuses huge tables, even if the image has none of their bytes', () => {
      const max = 2 ** 32 - 1;
      expect(refusalReason(qcow2Image({ l1Entries: max }))).toMatch(/tables/);
      expect(refusalReason(withField(qcow2Image(), 'big', [56, 32, max]))).toMatch(/tables/);
      expect(refusalReason(withField(qcow2Image(), 'big', [60, 32, max]))).toMatch(/tables/);
      expect(refusalReason(vmdkImage({ tableEntries: max }))).toMatch(/tables/);
      expect(refusalReason(vmdkImage({ grain: 2 ** 40 }))).toMatch(/grains/);
      expect(refusalReason(vmdkImage({ capacity: 2n ** 54n, grain: 8, extents: [FLAT] }))).toMatch(/tables/);
    });

    it('refuses a small image of a disk larger than the pool allows', () => {
      const facts = inspect(qcow2Image({ clusterBits: 21, virtualSize: 2 ** 50 }));
      expect(facts.virtualSize).toBe(2 ** 50);
      expect(() => requireFormat(facts, bytes(2 ** 40))).toThrow('format-refused');
    });
  });

  describe('OSSA-2023-002 (CVE-2022-47951): a VMDK whose extents are files of the host', () => {
    it('refuses the descriptor of a flat disk', () => {
      const flat = vmdkDescriptor({ type: 'monolithicFlat', extents: [FLAT] });
      expect(refusalReason(textImage(flat))).not.toBeNull();
    });

    it.each(['monolithicFlat', 'twoGbMaxExtentFlat', 'vmfs', 'vmfsSparse', 'monolithicSparse', 'streamOptimized'])(
      'refuses it within an extent, as the type %s',
      (type) => {
        expect(refusalReason(vmdkImage({ type, extents: [FLAT] }))).not.toBeNull();
        expect(refusalReason(streamVmdkImage({ type, extents: [FLAT] }))).not.toBeNull();
      },
    );

    it('refuses an extent without capacity, for which QEMU uses the descriptor', () => {
      expect(refusalReason(vmdkImage({ capacity: 0, type: 'monolithicFlat', extents: [FLAT] }))).toMatch(/no content/);
      expect(refusalReason(vmdkImage({ capacity: 0 }))).toMatch(/no content/);
      expect(refusalReason(streamVmdkImage({ footer: [[12, 64, 0]] }))).toMatch(/contradicts/);
    });

    it('refuses a sparse extent by the name of another file', () => {
      expect(refusalReason(vmdkImage({ extents: ['RW 2048 SPARSE "/var/lib/other.vmdk"'] }))).toMatch(/another file/);
    });
  });

  describe('OSSA-2024-001 (CVE-2024-32498): a qcow2 image whose content is a file of the host', () => {
    it('refuses the feature, with and without a name', () => {
      expect(refusalReason(qcow2Image({ incompatible: 4n }))).toMatch(/external file/);
      const extensions = [[EXTERNAL_FILE, '/etc/passwd']] as const;
      expect(refusalReason(qcow2Image({ incompatible: 4n, extensions }))).toMatch(/external file/);
      expect(refusalReason(qcow2Image({ incompatible: 4n, autoclear: 2n, extensions }))).toMatch(/external file/);
    });

    it('refuses the name without the feature', () => {
      expect(refusalReason(qcow2Image({ extensions: [[EXTERNAL_FILE, 'json:{"driver":"file"}']] }))).toMatch(
        /external file/,
      );
    });
  });

  describe('OSSA-2024-002 (CVE-2024-40767): an image that claims to be raw, and is not', () => {
    it('recognises the bytes, without asking for a format', () => {
      expect(inspect(qcow2Image()).format).toBe('qcow2');
      expect(inspect(vmdkImage()).format).toBe('vmdk');
      expect(refusalReason(qcow2Image({ backingFile: '/etc/passwd' }))).not.toBeNull();
      expect(refusalReason(textImage(vmdkDescriptor({ type: 'monolithicFlat', extents: [FLAT] })))).not.toBeNull();
    });

    it('refuses it after the signature of another format', () => {
      const volume = isoImage({ systemArea: partitionTable(true) }).subarray(32_768);
      expect(refusalReason(overwritten(qcow2Image({ backingFile: '/etc/passwd' }), 32_768, volume))).not.toBeNull();
      const descriptor = Buffer.from(`${vmdkDescriptor({ type: 'monolithicFlat', extents: [FLAT] })}\0`);
      expect(refusalReason(isoImage({ systemArea: descriptor }))).not.toBeNull();
    });
  });
});
