import {
  formatUploadMetadata,
  metadataText,
  parseUploadMetadata,
} from '../../../../src/adapters/http/tus/upload-metadata.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('Upload-Metadata', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['', {}],
    ['   ', {}],
    [`filename ${base64('a b,c.iso')}`, { filename: 'a b,c.iso' }],
    [`filename ${base64('ö.iso')},group MQ==`, { filename: 'ö.iso', group: '1' }],
    [`filename ${base64('a')}, group MQ==`, { filename: 'a', group: '1' }],
    ['is_confidential', { is_confidential: '' }],
    ['empty ,group MQ', { empty: '', group: '1' }],
  ])('reads %j', (header, texts) => {
    const metadata = parseUploadMetadata(header);
    expect(Object.fromEntries([...metadata.keys()].map((key) => [key, metadataText(metadata, key)]))).toEqual(texts);
  });

  it.each([',', 'a YQ==,', 'a YQ== YQ==', 'a  YQ==', 'a ä', 'a YQ==,a YQ==', 'ä YQ==', 'a Y Q==', 'a YQ=a'])(
    'refuses %j',
    (header) => expect(() => parseUploadMetadata(header)).toThrow(/^Upload-Metadata /),
  );

  it('refuses only those values that are not UTF-8 and are read as text', () => {
    const metadata = parseUploadMetadata('thumbnail /w==,filename YQ==');
    expect(metadataText(metadata, 'filename')).toBe('a');
    expect(() => metadataText(metadata, 'thumbnail')).toThrow('not UTF-8');
    expect(metadataText(metadata, 'none')).toBeNull();
  });

  it('is written as it is read', () => {
    const texts = { filename: 'ö, b.iso', group: '1', empty: '' };
    const metadata = parseUploadMetadata(formatUploadMetadata(texts));
    expect(Object.fromEntries([...metadata.keys()].map((key) => [key, metadataText(metadata, key)]))).toEqual(texts);
  });

  it('reads as many pairs as fit into the headers of a request in well below a second', () => {
    const pairs = Array.from({ length: 4_000 }, (_none, index) => `k${index}`);
    const begun = performance.now();
    expect(parseUploadMetadata(pairs.join(',')).size).toBe(pairs.length);
    expect(() => parseUploadMetadata(`a ${'A'.repeat(16_000)}!`)).toThrow('not Base64');
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
