import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import { patterned } from '../../support/files/byte-sources.ts';
import { checksumOf, ImportFixture, IMPORTED } from '../../support/fixtures/import-fixture.ts';
import { interruption } from '../../support/fixtures/scripted-source.ts';
import { gate } from '../../support/waiting/gate.ts';

describe('PerformImport', () => {
  let fixture: ImportFixture;
  beforeEach(async () => (fixture = await ImportFixture.open()));
  afterEach(async () => fixture.close());

  it('imports an item, named and described by its URL without the query', async () => {
    await fixture.order();
    expect(await fixture.item()).toMatchObject({
      state: 'uploading',
      size: '0',
      source_url: expect.stringMatching(/\?…$/) as string,
    });
    await fixture.run();
    await fixture.expectItem();
    expect(await fixture.item()).toMatchObject({
      provenance: 'import',
      source_url: 'https://images.example/3.1/harbour.img?…',
      source_checksum: null,
    });
    expect(await fixture.job()).toMatchObject({
      operation: 'import',
      state: 'success',
      copied: IMPORTED.length,
      total: IMPORTED.length,
    });
    expect(fixture.replica.recorded).toContain('import done');
  });

  it('forgets the URL with its query when the job ends', async () => {
    await fixture.order();
    await fixture.run();
    expect(await fixture.rows('select url from imports')).toEqual([]);
    const dump = await fixture.rows('select to_jsonb(media) || to_jsonb(jobs) as all from media, jobs');
    const events = await fixture.rows('select to_jsonb(audit_entries) as all from audit_entries');
    expect(JSON.stringify([...dump, ...events])).not.toContain('secret');
  });

  it.each(['sha256', 'sha512'])('accepts bytes with their %s, and keeps it as the origin', async (algorithm) => {
    await fixture.order({ checksum: checksumOf(algorithm) });
    await fixture.run();
    await fixture.expectItem();
    expect(await fixture.item()).toMatchObject({ source_checksum: checksumOf(algorithm) });
  });

  it.each(['sha256', 'sha512'])('refuses bytes with another %s before they can be seen', async (algorithm) => {
    const expected = checksumOf(algorithm, patterned(1));
    await fixture.order({ checksum: expected });
    await fixture.run();
    await fixture.expectFailure('checksum-differs', { expected, actual: checksumOf(algorithm) });
  });

  it('finds the checksum in a file', async () => {
    const value = checksumOf('sha256').slice('sha256:'.length);
    fixture.source.text = `${'0'.repeat(64)}  other.img\n${value} *harbour.img\n`;
    await fixture.order({ checksumUrl: 'https://images.example/3.1/SHA256SUMS' });
    await fixture.run();
    await fixture.expectItem();
    expect(await fixture.item()).toMatchObject({ source_checksum: `sha256:${value}` });
  });

  it.each([
    ['missing', 'nothing\n'],
    ['unreadable', null],
  ])('fails before it fetches a byte when the checksum is %s', async (reason, text) => {
    fixture.source.text = text;
    await fixture.order({ checksumUrl: 'https://images.example/3.1/SHA256SUMS' });
    await fixture.run();
    expect(fixture.source.requests).toEqual([]);
    await fixture.expectFailure('checksum-not-found', { reason });
  });

  it('goes on where a connection broke', async () => {
    fixture.source.script.push({ breaksAfter: 100_000 }, { breaksAfter: 50_000 });
    await fixture.order();
    await fixture.run();
    await fixture.expectItem();
    expect(fixture.source.requests).toEqual([0, 100_000, 150_000]);
    expect(fixture.source.sent).toBe(IMPORTED.length);
  });

  it('skips bytes that it has from a source that ignores ranges', async () => {
    fixture.source.ignoresRanges = true;
    fixture.source.script.push({ breaksAfter: 100_000 });
    await fixture.order();
    await fixture.run();
    await fixture.expectItem();
  });

  it('begins anew with a source without a validator', async () => {
    fixture.source.validator = null;
    fixture.source.script.push({
      breaksAfter: 100_000,
      meanwhile: async () => Promise.resolve((fixture.source.content = patterned(200_000))),
    });
    await fixture.order();
    await fixture.run();
    await fixture.expectItem(patterned(200_000));
    expect(fixture.source.requests).toEqual([0, 0]);
  });

  it('fails when a source without a validator breaks off five times', async () => {
    fixture.source.validator = null;
    fixture.source.script.push(...Array.from({ length: 5 }, () => ({ breaksAfter: 100_000 })));
    await fixture.order();
    await fixture.run();
    await fixture.expectFailure('source-cut-off', { received: 100_000, length: IMPORTED.length });
  });

  it('fails when the source changed in the middle', async () => {
    fixture.source.script.push({
      breaksAfter: 100_000,
      meanwhile: async () => Promise.resolve((fixture.source.validator = '"2"')),
    });
    await fixture.order();
    await fixture.run();
    await fixture.expectFailure('source-changed');
  });

  it('fails when the same validator comes with another length', async () => {
    fixture.source.script.push({
      breaksAfter: 100_000,
      meanwhile: async () => Promise.resolve((fixture.source.content = patterned(200_000))),
    });
    await fixture.order();
    await fixture.run();
    await fixture.expectFailure('source-changed');
  });

  it('gives up its slot for a long pause that the source asks for', async () => {
    fixture.source.script.push({ failure: interruption(300) });
    await fixture.order();
    await fixture.run();
    expect(fixture.replica.recorded).toContain('import retried');
    const [row] = await fixture.rows(
      `select tries, extract(epoch from due_at - clock_timestamp()) between 200 and 300 as waits from imports`,
    );
    expect(row).toEqual({ tries: 1, waits: true });
    await fixture.finish();
    await fixture.expectItem();
  });

  it('fails at once where another try would fail as well', async () => {
    fixture.source.script.push({ failure: new DomainError('source-refused', { status: 404 }) });
    await fixture.order();
    await fixture.run();
    expect(fixture.source.requests).toHaveLength(1);
    await fixture.expectFailure('source-refused', { status: 404 });
  });

  it('needs a length, or the largest size', async () => {
    fixture.source.tellsLength = false;
    await fixture.order();
    await fixture.run();
    await fixture.expectFailure('length-required');
  });

  it('charges the largest size of a source without a length, and refunds the rest', async () => {
    fixture.source.tellsLength = false;
    const held = gate();
    fixture.source.script.push({
      meanwhile: async () => {
        expect(await fixture.depot.used()).toBe(1_000_000);
        held.open();
      },
    });
    await fixture.order({ maxBytes: bytes(1_000_000) });
    await fixture.run();
    await held.opened;
    await fixture.expectItem();
  });

  it('fails when a source has more bytes than its order allows', async () => {
    await fixture.order({ maxBytes: bytes(1000) });
    await fixture.run();
    expect(fixture.source.sent).toBe(0);
    await fixture.expectFailure('source-too-large', { max: 1000 });
  });

  it('fails when a source without a length has more bytes than its order allows', async () => {
    fixture.source.tellsLength = false;
    await fixture.order({ maxBytes: bytes(100_000) });
    await fixture.run();
    await fixture.expectFailure('source-too-large', { max: 100_000 });
  });

  it.each([0, IMPORTED.length])('imports a source without a length of %i bytes', async (length) => {
    fixture.source.tellsLength = false;
    fixture.source.content = IMPORTED.subarray(0, length);
    await fixture.order({ maxBytes: bytes(IMPORTED.length) });
    await fixture.run();
    await fixture.expectItem(IMPORTED.subarray(0, length));
  });

  it('imports an empty source', async () => {
    fixture.source.content = Buffer.alloc(0);
    await fixture.order();
    await fixture.run();
    await fixture.expectItem(Buffer.alloc(0));
  });
});
