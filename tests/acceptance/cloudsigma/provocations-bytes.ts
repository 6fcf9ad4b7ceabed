import type { AnyAnswer } from '../velocity/provocation.ts';
import type { CloudScene, Listed } from './cloud.ts';
import { row, type Provocation, type Provoke } from './provocation.ts';

const OTHER_DIGEST = `sha-512=:AA==:, sha-256=:${Buffer.alloc(32).toString('base64')}:;a=1`;

/** Errors of calls with raw bytes. */
export const BYTES: readonly Provocation[] = [
  row(
    'malformed',
    'validation',
    400,
    /content-range/,
    'a partial body is uploaded',
    upload({ 'content-range': 'bytes 1-5/6' }),
  ),
  row('malformed', 'validation', 400, /content-range/, 'a partial body is put', async ({ boss }) =>
    boss.call('PUT /profile/', {}, { 'content-range': 'bytes 0-1/2' }),
  ),
  row(
    'malformed',
    'validation',
    400,
    /repr-digest/,
    'a digest is malformed',
    upload({ 'repr-digest': 'sha-256=AAAA' }),
  ),
  row(
    'digest-mismatch',
    'validation',
    400,
    /digest/,
    'the digest does not match',
    upload({ 'content-digest': OTHER_DIGEST }),
  ),
  row(
    'unsupported-content',
    'validation',
    415,
    /encoding/,
    'a body is compressed',
    upload({ 'content-encoding': 'gzip' }),
  ),
  row(
    'unsupported-content',
    'validation',
    415,
    /curl .* -T FILE/,
    'a form is uploaded',
    upload({ 'content-type': 'multipart/form-data; boundary=x' }),
  ),
  row('precondition-failed', 'validation', 412, /if-match/, 'If-Match names other bytes', async ({ boss }) => {
    const { text } = await boss.send('POST /drives/upload/', 'some bytes');
    return boss.send(`GET /drives/${text}/download/`, '', { 'if-match': '"other"', range: 'bytes=0-1' });
  }),
  row('range-refused', 'validation', 416, /./, 'the range is beyond the end', async (scene) => beyondTheEnd(scene)),
];

/** Uploads five bytes with these headers, and checks that nothing is left. */
function upload(headers: Readonly<Record<string, string>>): Provoke {
  return async ({ boss }) => {
    const { meta } = await boss.ask<Listed>('GET /drives/?limit=1');
    const answer = await boss.send('POST /drives/upload/image.raw', 'bytes', headers);
    expect((await boss.ask<Listed>('GET /drives/?limit=1')).meta.total_count).toBe(meta.total_count);
    return answer;
  };
}

async function beyondTheEnd({ boss }: CloudScene): Promise<AnyAnswer> {
  const { uuid } = await boss.make({ size: 10 });
  return boss.send(`GET /drives/${uuid}/download/`, '', { range: 'bytes=10-' });
}
