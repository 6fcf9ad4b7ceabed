import { freshName, type Answer } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { makeAssignedGroup, mediaOf, midOf, openScene, poolOf, type Scene } from './scene.ts';

describe('An upload', () => {
  let scene: Scene;
  let gid: number;
  beforeAll(async () => {
    scene = await openScene();
  });
  beforeEach(async () => (gid = await makeAssignedGroup(scene)));

  async function stored(answer: Answer): Promise<string> {
    return (await scene.root.read(midOf(answer))).text;
  }

  async function uploadAs(headers: Readonly<Record<string, string>>, body = 'bytes'): Promise<Answer> {
    return scene.root.upload({ group: gid, name: freshName('media'), headers }, body);
  }

  async function namesAfter(header: string): Promise<string[]> {
    const answer = await uploadAs({ 'x-velocity-name': header });
    expect(answer.status).toBe(200);
    return (await mediaOf(scene, gid)).map(({ name }) => name);
  }

  it('is stored unchanged, listed and counted', async () => {
    const name = freshName('media');
    const answer = await scene.root.upload({ group: gid, name }, 'twelve bytes');
    expect(answer.body).toEqual({ mid: midOf(answer), size: 12 });
    expect(await mediaOf(scene, gid)).toMatchObject([
      { mid: midOf(answer), mpid: 1, name, type: 'ISO', size: 12, readonly: true },
    ]);
    expect((await poolOf(scene, gid)).used).toBe(12);
    expect(await stored(answer)).toBe('twelve bytes');
  });

  it.each<Readonly<Record<string, string>>>([
    {},
    { 'content-type': 'application/octet-stream' },
    { 'content-type': 'application/json' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/mixed; boundary=x' },
    { 'content-encoding': 'identity' },
    { 'content-encoding': ', Identity' },
    { 'repr-digest': '', 'content-digest': ' ' },
  ])('is stored unchanged, with any declared type: %j', async (headers) => {
    for (const body of ['{"authkey":', '--x\r\n\r\na=b&c=%20']) {
      expect(await stored(await uploadAs(headers, body))).toBe(body);
    }
  });

  it.each<readonly [code: number, status: number, headers: Readonly<Record<string, string>>]>([
    [114, 415, { 'content-encoding': 'gzip' }],
    [114, 415, { 'content-encoding': 'identity, BR' }],
    [114, 415, { 'content-type': 'multipart/form-data; boundary=x' }],
    [114, 415, { 'content-type': 'Multipart/Form-Data' }],
    [110, 400, { 'content-range': 'bytes 1000-1004/1005' }],
    [110, 400, { 'content-range': '' }],
  ])('is refused with %i > %i when its body is not the bytes to store: %j', async (code, status, headers) => {
    const answer = await uploadAs(headers);
    expectError(answer, code, status);
    expect(answer.headers['accept-encoding']).toBe('content-encoding' in headers ? 'identity' : undefined);
    expect(await mediaOf(scene, gid)).toEqual([]);
  });

  it('can have unknown headers', async () => {
    const answer = await uploadAs({ 'file-name': 'a.iso', 'x-velocity-colour': 'blue', 'x-velocity-mid': 'mine' });
    expect(answer.status).toBe(200);
  });

  it.each(['a plain name.iso', 'Müller – 東京 😀.iso', '../../etc/passwd', 'a/b\\c', '.', '..', '%41', ' ', "it's"])(
    'takes %j for a name, as the bytes of its UTF-8',
    async (name) => {
      const unique = `${name}${freshName('')}`;
      expect(await namesAfter(Buffer.from(unique).toString('latin1'))).toEqual([unique.trimStart()]);
    },
  );

  it.each(['UTF-8', 'utf-8'])('takes a name in the form of RFC 8187, with %s', async (charset) => {
    const unique = `Müller 東京/${freshName('')}`;
    expect(await namesAfter(`${charset}''${encodeURIComponent(unique)}`)).toEqual([unique]);
    expect(await namesAfter(`${charset}'de'${encodeURIComponent(`2 ${unique}`)}`)).toEqual([unique, `2 ${unique}`]);
  });

  it('takes a name of 255 bytes', async () => {
    const name = freshName('').padEnd(253, 'x');
    expect(await namesAfter(Buffer.from(`${name}ü`).toString('latin1'))).toEqual([`${name}ü`.trimStart()]);
  });

  it.each([
    ['a byte that is not UTF-8', '\xfcber'],
    ['an invalid percent encoding', "UTF-8''%ff"],
    ['an incomplete character', 'a\xe2\x82'],
    ['a tab in its middle', 'a\tb'],
  ])('refuses a name with %s', async (_what, header) => {
    expectError(await uploadAs({ 'x-velocity-name': header }), 9214, 400);
  });

  it('takes any type, in Unicode too', async () => {
    await uploadAs({ 'x-velocity-type': Buffer.from('Gerät ✓').toString('latin1') });
    const { media } = await scene.root.ask<{ media: { type: string }[] }>('POST /m/media/list', { gid });
    expect(media.map(({ type }) => type)).toEqual(['Gerät ✓']);
  });

  it('is read-only by its header, and without write', async () => {
    await uploadAs({ 'x-velocity-readonly': 'true' });
    await uploadAs({ 'x-velocity-readonly': 'false' });
    expect((await mediaOf(scene, gid)).map(({ readonly }) => readonly)).toEqual([true, false]);
    await scene.root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: false, manage: true });
    expect((await mediaOf(scene, gid)).map(({ readonly }) => readonly)).toEqual([true, true]);
  });

  it('has its headers checked in the order of their codes, after its authkey', async () => {
    const wrong = ['x-velocity-mpid', 'x-velocity-gid', 'x-velocity-name', 'x-velocity-type', 'x-velocity-readonly'];
    const codes = [9212, 9213, 9214, 9215, 9216];
    for (const [index, code] of codes.entries()) {
      const headers = Object.fromEntries(wrong.slice(index).map((name) => [name, '']));
      expectError(await uploadAs(headers), code, 400);
      expectError(await uploadAs({ ...headers, authorization: 'Bearer wrong' }), 100, 401);
    }
  });

  it('refuses a header that is sent twice', async () => {
    const answer = await scene.root.upload(
      { group: gid, name: freshName('media'), headers: { 'x-velocity-gid': [String(gid), '0'] } },
      'bytes',
    );
    expectError(answer, 9213, 400);
  });
});
