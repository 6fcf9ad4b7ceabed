import { digested } from '../../../src/application/uploads/append-body.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { sourceOf } from '../../support/files/byte-sources.ts';

describe('A body with a checksum and without a length', () => {
  const chunks = ['ab', 'cd', 'e'].map((text) => Buffer.from(text));

  async function through(max: number): Promise<{ readonly hashed: string; readonly failure: unknown }> {
    let [hashed, passed] = ['', ''];
    const digest = { update: (chunk: Uint8Array) => (hashed += Buffer.from(chunk).toString()) };
    const failure = await (async () => {
      for await (const chunk of digested(sourceOf(...chunks), digest, bytes(max)))
        passed += Buffer.from(chunk).toString();
      return null;
    })().catch((error: unknown) => error);
    expect(passed).toBe(hashed);
    return { hashed, failure };
  }

  it('is hashed as it passes', async () => {
    expect(await through(5)).toEqual({ hashed: 'abcde', failure: null });
  });

  it('ends when it is longer than bytes may go unrecorded', async () => {
    const { hashed, failure } = await through(4);
    expect(hashed).toBe('abcd');
    expect(failure).toMatchObject({ code: 'body-too-long', detail: { promised: 4 } });
  });
});
