import { isoImage, partitionTable, udfRecognition } from '../../../support/images/iso-images.ts';
import { joined, overwritten } from '../../../support/images/images.ts';
import { inspect } from './inspect.ts';

describe('ISO 9660', () => {
  it('is recognised, with its size and label', () => {
    const image = isoImage({ label: 'Debian 12.5.0 amd64 n' });
    expect(inspect(image)).toEqual({
      format: 'iso',
      virtualSize: image.length,
      label: 'Debian 12.5.0 amd64 n',
      encrypted: false,
    });
  });

  it('prefers the longer label to that of Joliet', () => {
    const label = 'Ubuntu 24.04 LTS amd64';
    expect(inspect(isoImage({ label, joliet: label })).label).toBe(label);
  });

  it('uses the label of Joliet if the other is empty or not ASCII', () => {
    expect(inspect(isoImage({ label: '', joliet: 'Größe 磁盘' })).label).toBe('Größe 磁盘');
    expect(inspect(isoImage({ label: 'Gr\xf6\xdfe', joliet: 'Größe' })).label).toBe('Größe');
  });

  it('has no label if both are empty or not displayable', () => {
    expect(inspect(isoImage({ label: '' })).label).toBeNull();
    expect(inspect(isoImage({ label: '\x1b[2J' })).label).toBeNull();
    expect(inspect(isoImage({ label: '', joliet: 'a\u202eb' })).label).toBeNull();
    expect(inspect(isoImage({ label: '', joliet: 'a\ud800b' })).label).toBeNull();
    expect(inspect(isoImage({ label: '', joliet: 'a\nb' })).label).toBeNull();
  });

  it('ends a label at the first NUL', () => {
    expect(inspect(isoImage({ label: 'WIN\0\0\0garbage' })).label).toBe('WIN');
  });

  it('recognises UDF, with the label of ISO 9660 if it is a bridge', () => {
    expect(inspect(isoImage({ label: 'BRIDGE', bridge: true }))).toMatchObject({ format: 'iso', label: 'BRIDGE' });
    const udf = joined(new Uint8Array(32_768), ...udfRecognition(), new Uint8Array(100_000));
    expect(inspect(udf)).toEqual({ format: 'iso', virtualSize: udf.length, label: null, encrypted: false });
  });

  it.each([false, true])('is recognised if it also boots from a USB stick (GPT: %s)', (gpt) => {
    expect(inspect(isoImage({ systemArea: partitionTable(gpt) }))).toMatchObject({ format: 'iso', label: 'EMPTY' });
  });

  it('is recognised after a partition map of Apple or an EFI program', () => {
    expect(inspect(isoImage({ systemArea: overwritten(new Uint8Array(512), 0, 'ER\x08\0') })).format).toBe('iso');
    expect(inspect(isoImage({ systemArea: overwritten(new Uint8Array(512), 0, 'MZ\x90\0') })).format).toBe('iso');
  });

  it('is recognised even if it is truncated', () => {
    expect(inspect(isoImage().subarray(0, 32_774))).toEqual({
      format: 'iso',
      virtualSize: 32_774,
      label: null,
      encrypted: false,
    });
    expect(inspect(isoImage().subarray(0, 32_773)).format).toBe('raw');
  });

  it('reads a bounded number of descriptors', () => {
    const boot = isoImage()
      .subarray(32_768, 34_816)
      .map((byte, at) => (at === 0 ? 0 : byte));
    const many = joined(
      new Uint8Array(32_768),
      ...Array.from({ length: 100 }, () => boot),
      isoImage().subarray(32_768),
    );
    expect(inspect(many)).toEqual({ format: 'iso', virtualSize: many.length, label: null, encrypted: false });
  });
});
