import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Answer } from '../../support/http/client.ts';
import { send } from '../../support/http/client.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { createUser, expectFault, openCloud, type Cloud, type CloudScene, type Listed } from './cloud.ts';
import { until } from '../../support/waiting/until.ts';

const SIZE = 100_000;
const CONTENT = randomBytes(3 * SIZE + 5);
const OCTETS = { 'content-type': 'application/octet-stream' };

/** The bytes of a chunk: the last one has the remainder, too. */
function bytesOf(content: Uint8Array, number: number, size = SIZE): Uint8Array {
  const count = Math.max(1, Math.floor(content.length / size));
  return content.subarray(number * size, number === count - 1 ? content.length : (number + 1) * size);
}

/** Returns a form as resumable.js and Python's requests send it: fields may have a filename. */
function formOf(
  parts: readonly (readonly [name: string, value: string | Uint8Array, fileName?: string])[],
  end = '--limit--\r\n',
): Buffer {
  const written = parts.map(([name, value, fileName]) => {
    const disposition = `form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}`;
    const start = `--limit\r\nContent-Disposition: ${disposition}\r\n\r\n`;
    return Buffer.concat([Buffer.from(start), Buffer.from(value), Buffer.from('\r\n')]);
  });
  return Buffer.concat([...written, Buffer.from(end)]);
}

const FORM = { 'content-type': 'multipart/form-data; boundary=limit' };

function fields(number: number, total = CONTENT.length, size = SIZE): readonly (readonly [string, string])[] {
  return [
    ['resumableChunkNumber', String(number)],
    ['resumableChunkSize', String(size)],
    ['resumableTotalSize', String(total)],
    ['resumableIdentifier', 'disk.img'],
    ['resumableFilename', 'disk.img'],
  ];
}

describe('An upload in chunks', () => {
  let scene: CloudScene;
  let ann: Cloud;
  const begun: (readonly [uuid: string, by: Cloud])[] = [];
  beforeAll(async () => {
    scene = await openCloud();
    ann = (await createUser(scene)).cloud;
  });

  /** The test ends with what it began. */
  afterEach(async () => {
    for (const [uuid, by] of begun.splice(0)) await by.call(`DELETE /drives/${uuid}/`);
  });

  async function begin(size = CONTENT.length, by = ann): Promise<string> {
    const { objects } = await by.ask<Listed>('POST /initupload/?avoid=x', {
      objects: [{ name: 'disk', media: 'disk', size }],
    });
    expect(objects).toEqual([expect.objectContaining({ status: 'uploading', size, media: 'disk', name: 'disk' })]);
    begun.push([objects[0]!.uuid, by]);
    return objects[0]!.uuid;
  }

  async function askLink(uuid: string, number: number, size: number | null = SIZE, by = ann): Promise<Answer> {
    return by.call(`POST /drives/${uuid}/action/?do=upload_chunk`, { chunk_number: number, chunk_size: size });
  }

  async function linkOf(uuid: string, number: number, size: number | null = SIZE): Promise<string> {
    const answer = await askLink(uuid, number, size);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return (answer.body as { link: string }).link;
  }

  async function post(link: string, body: Uint8Array, headers = OCTETS): Promise<Answer> {
    return send(scene.platter.url, { method: 'POST', path: link, headers, body });
  }

  async function sendChunk(uuid: string, number: number, content: Uint8Array = CONTENT): Promise<Answer> {
    return post(await linkOf(uuid, number), bytesOf(content, number));
  }

  async function postForm(uuid: string, form: Uint8Array, by = ann): Promise<Answer> {
    return by.send(`POST /drives/${uuid}/upload/`, form, FORM);
  }

  async function isThere(uuid: string, number: number, by = ann): Promise<number> {
    const query = new URLSearchParams(Object.fromEntries(fields(number)));
    return (await by.call(`GET /drives/${uuid}/upload/?${query.toString()}`)).status;
  }

  async function expectDownload(uuid: string, content: Uint8Array): Promise<void> {
    const { bytes } = await ann.call(`GET /drives/${uuid}/download/`);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  }

  async function received(uuid: string): Promise<number> {
    const [row] = await rowsOf(scene.platter.database.url, `select received from uploads where id = '${uuid}'`);
    return Number(row!.received);
  }

  it('refuses a chunk that would make one more than 10,000 gaps', async () => {
    const uuid = await begin(20_010);
    expect((await post(await linkOf(uuid, 19_999, 1), Buffer.alloc(1))).status).toBe(200);
    await rowsOf(
      scene.platter.database.url,
      `insert into upload_ranges (upload_id, first, past) select '${uuid}', 2 * n + 1, 2 * n + 2 from generate_series(0, 9998) n`,
    );
    const refused = await post(await linkOf(uuid, 20_005, 1), Buffer.alloc(1));
    expectFault(refused, 400, 'validation');
    expect(refused.text).toContain('10000 gaps: send the chunks beside those that are there');
    expect((await post(await linkOf(uuid, 20_000, 1), Buffer.alloc(1))).status).toBe(200);
  });

  it('is a drive with the status uploading until its last missing chunk', async () => {
    const uuid = await begin();
    const listed = await ann.ask<Listed>('GET /drives/detail/?limit=0');
    expect(listed.objects.find((one) => one.uuid === uuid)).toMatchObject({
      status: 'uploading',
      size: CONTENT.length,
    });
    for (const number of [2, 0]) expect((await sendChunk(uuid, number)).status).toBe(200);
    expect(await ann.get(uuid)).toMatchObject({ status: 'uploading' });
    expect(await sendChunk(uuid, 1)).toMatchObject({ status: 200, body: {} });
    expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted', size: CONTENT.length });
    await expectDownload(uuid, CONTENT);
  });

  it('is begun with a bare object, or for several drives at once', async () => {
    const one = await ann.ask<Listed>('POST /initupload/', { name: 'one', media: 'cdrom', size: '7' });
    begun.push([one.objects[0]!.uuid, ann]);
    expect(one.objects).toEqual([expect.objectContaining({ status: 'uploading', size: 7, media: 'cdrom' })]);
    const objects = ['same', 'same'].map((name) => ({ name, media: 'disk', size: 1 }));
    const several = await ann.ask<Listed>('POST /initupload/', { objects });
    begun.push(...several.objects.map(({ uuid }) => [uuid, ann] as const));
    expect(several.objects.map(({ name }) => name)).toEqual(['same', 'same']);
    const faulty = { objects: [...objects, { name: '', media: 'tape', size: -1 }] };
    expectFault(await ann.call('POST /initupload/', faulty), 400, 'validation');
  });

  it('gives links that are paths below the API, end in a slash and have no query', async () => {
    const link = await linkOf(await begin(), 0);
    expect(link).toMatch(/^\/api\/2\.0\/[\w./-]+\/$/);
    expect(link).not.toContain('?');
    const logged = scene.platter.log.map((line) => JSON.stringify(line)).join('\n');
    await post(link, bytesOf(CONTENT, 0));
    expect(logged + scene.platter.log.map((line) => JSON.stringify(line)).join('\n')).not.toContain(link.split('/')[4]);
  });

  it('has default chunks of 5 MiB', async () => {
    const uuid = await begin(11 * 1024 ** 2);
    const { link } = await ann.ask<{ link: string }>(`POST /drives/${uuid}/action/?do=upload_chunk`, {
      chunk_number: 1,
    });
    const answer = await post(link, Buffer.alloc(5 * 1024 ** 2));
    expectFault(answer, 400, 'validation');
    expect(answer.text).toContain(`exactly ${6 * 1024 ** 2} bytes`);
    expectFault(await askLink(uuid, 2, null), 400, 'validation');
  });

  it('takes no chunk of a wrong length', async () => {
    const uuid = await begin();
    for (const length of [0, SIZE - 1, SIZE + 1]) {
      expectFault(await post(await linkOf(uuid, 0), Buffer.alloc(length)), 400, 'validation');
      const form = formOf([...fields(1), ['file', Buffer.alloc(length), 'disk.img']]);
      expectFault(await postForm(uuid, form), 400, 'validation');
    }
    const unknown = { ...OCTETS, 'transfer-encoding': 'chunked' };
    expectFault(await post(await linkOf(uuid, 0), Buffer.alloc(SIZE + 1), unknown), 400, 'validation');
    expect(await received(uuid)).toBe(0);
  });

  it('answers 416 for a chunk that is already uploaded, to its link and for another link', async () => {
    const uuid = await begin();
    const link = await linkOf(uuid, 0);
    await sendChunk(uuid, 0);
    for (const answer of [await post(link, bytesOf(CONTENT, 0)), await askLink(uuid, 0)]) {
      expectFault(answer, 416, 'validation');
      expect(answer.text).toMatch(/chunk 0 is already uploaded/);
    }
  });

  it('fixes the chunk size with the first chunk', async () => {
    const uuid = await begin();
    const other = await linkOf(uuid, 0, SIZE + 1);
    await sendChunk(uuid, 1);
    expectFault(await post(other, Buffer.alloc(SIZE + 1)), 400, 'validation');
    expectFault(await askLink(uuid, 0, SIZE - 1), 400, 'validation');
    const refused = formOf([...fields(1, CONTENT.length, SIZE - 1), ['file', Buffer.alloc(SIZE - 1), 'x']]);
    expectFault(await postForm(uuid, refused), 400, 'validation');
  });

  it('refuses chunks that do not exist', async () => {
    const uuid = await begin();
    for (const number of [3, 4, 2 ** 53 - 1]) expectFault(await askLink(uuid, number), 400, 'validation');
    for (const body of [{}, { chunk_number: -1 }, { chunk_number: 0, chunk_size: 0 }, { chunk_number: 'x' }]) {
      expectFault(await ann.call(`POST /drives/${uuid}/action/?do=upload_chunk`, body), 400, 'validation');
    }
    for (const number of [0, 4]) {
      expectFault(await postForm(uuid, formOf([...fields(number), ['file', 'x', 'x']])), 400, 'validation');
    }
    expectFault(await postForm(uuid, formOf([...fields(1, 7), ['file', 'x', 'x']])), 400, 'validation');
  });

  it('has one chunk where it is not larger, also without bytes', async () => {
    for (const content of [Buffer.alloc(0), randomBytes(7), randomBytes(SIZE)]) {
      const uuid = await begin(content.length);
      expect((await sendChunk(uuid, 0, content)).status).toBe(200);
      expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted', size: content.length });
      await expectDownload(uuid, content);
    }
  });

  it('belongs to the user that began it, and to drives that wait for chunks', async () => {
    const [uuid, link] = await begin().then(async (id) => [id, await linkOf(id, 0)] as const);
    const { cloud: bob } = await createUser(scene);
    expectFault(await askLink(uuid, 0, SIZE, bob), 404, 'notexist');
    expectFault(await askLink(uuid, 0, SIZE, scene.boss), 403, 'permission');
    expect(await isThere(uuid, 1, bob)).toBe(404);
    expectFault(await postForm(uuid, formOf([...fields(1), ['file', bytesOf(CONTENT, 0), 'x']]), bob), 404, 'notexist');
    expectFault(await askLink(randomUUID(), 0), 404, 'notexist');
    expectFault(await askLink('no-uuid', 0), 404, 'notexist');
    expectFault(await askLink((await ann.make()).uuid, 0), 400, 'validation');
    // The link is the credential, for its chunk alone.
    expectFault(await post(`${link.slice(0, -3)}xx/`, bytesOf(CONTENT, 0)), 403, 'permission');
    expectFault(await post('/api/2.0/chunks/forged/', bytesOf(CONTENT, 0)), 403, 'permission');
    const other = await linkOf(await begin(), 0);
    const [terms] = other.split('/')[4]!.split('.');
    const [, tag] = link.split('/')[4]!.split('.');
    expectFault(await post(`/api/2.0/chunks/${terms}.${tag}/`, bytesOf(CONTENT, 0)), 403, 'permission');
    expect((await post(link, bytesOf(CONTENT, 0))).status).toBe(200);
  });

  it('ends when the right to create it was taken away', async () => {
    const { cloud: cem, uid: id, gid } = await createUser(scene);
    const uuid = await begin(CONTENT.length, cem);
    const answer = await askLink(uuid, 0, SIZE, cem);
    await scene.root.ask('DELETE /u/user/permission', { uid: id, gid, permission: 'velocity.media.create' });
    expectFault(await post((answer.body as { link: string }).link, bytesOf(CONTENT, 0)), 403, 'permission');
    expect(await rowsOf(scene.platter.database.url, `select from media where id = '${uuid}'`)).toEqual([]);
  });

  it('ends when its drive is deleted, and leaves nothing', async () => {
    const uuid = await begin();
    const link = await linkOf(uuid, 1);
    await sendChunk(uuid, 0);
    expect((await ann.call(`DELETE /drives/${uuid}/`)).status).toBe(204);
    expectFault(await post(link, bytesOf(CONTENT, 1)), 404, 'notexist');
    expect(await isThere(uuid, 1)).toBe(404);
  });

  it('ends as soon as its first bytes show an image that is refused', async () => {
    const hostile = Buffer.alloc(3 * SIZE);
    hostile.write(
      '# Disk DescriptorFile\nversion=1\nCID=ffffffff\ncreateType="monolithicFlat"\nRW 1 FLAT "/etc/shadow" 0\n',
    );
    const uuid = await begin(hostile.length);
    const answer = await sendChunk(uuid, 0, hostile);
    expectFault(answer, 400, 'validation');
    expect(answer.text).toContain('the image is refused');
    expectFault(await ann.call(`GET /drives/${uuid}/`), 404, 'notexist');
  });

  it('keeps nothing of a chunk that is cut off', async () => {
    const uuid = await begin();
    const connection = await RawConnection.open(scene.platter.url);
    const link = await linkOf(uuid, 0);
    await connection.send(head(`POST ${link}`, { ...OCTETS, 'content-length': SIZE }));
    await connection.send(bytesOf(CONTENT, 0).subarray(0, 999));
    connection.hangUp();
    // 503 while the first request still has the chunk.
    await until('the chunk is taken', async () => (await sendChunk(uuid, 0)).status === 200);
    expect(await received(uuid)).toBe(SIZE);
  });

  describe('by the forms of resumable.js', () => {
    it('is asked for each chunk, and takes it', async () => {
      const uuid = await begin();
      for (const number of [3, 1, 2]) {
        expect(await isThere(uuid, number)).toBe(404);
        const form = formOf([...fields(number), ['file', bytesOf(CONTENT, number - 1), 'blob']]);
        expect(await postForm(uuid, form)).toMatchObject({ status: 200, body: {} });
        expect(await isThere(uuid, number)).toBe(200);
      }
      expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted' });
      await expectDownload(uuid, CONTENT);
    });

    it('takes fields that have a filename, and a repetition as a success', async () => {
      const uuid = await begin();
      const named = fields(1).map(([name, value]) => [name, value, name] as const);
      const form = formOf([...named, ['file', bytesOf(CONTENT, 0), 'file']]);
      expect([(await postForm(uuid, form)).status, (await postForm(uuid, form)).status]).toEqual([200, 200]);
      expect(await received(uuid)).toBe(SIZE);
    });

    it('refuses forms that are incomplete, out of order or too large', async () => {
      const uuid = await begin();
      const file = ['file', bytesOf(CONTENT, 0), 'x'] as const;
      const whole = [...fields(1), file];
      const forms = [
        formOf(fields(1)),
        formOf([file, ...fields(1)]),
        formOf(whole, ''),
        formOf([...whole, file]),
        formOf([['resumableChunkNumber', '1'.repeat(5000)], ...whole]),
        formOf([['resumableChunkNumber', '1'.repeat(5000), 'x'], ...whole]),
        formOf([...Array.from({ length: 100 }, (_, at) => [`field${at}`, 'x'] as const), ...whole]),
        formOf([...Array.from({ length: 100 }, (_, at) => [`field${at}`, 'x', 'x'] as const), ...whole]),
        formOf([...fields(1), ['file', bytesOf(CONTENT, 0)]]),
        Buffer.from('no form'),
      ];
      for (const form of forms) expectFault(await postForm(uuid, form), 400, 'validation');
      expectFault(await ann.send(`POST /drives/${uuid}/upload/`, 'x', OCTETS), 415, 'validation');
      const noBoundary = { 'content-type': 'multipart/form-data' };
      expectFault(await ann.send(`POST /drives/${uuid}/upload/`, 'x', noBoundary), 400, 'validation');
      expect(await received(uuid)).toBe(0);
    });
  });
});
