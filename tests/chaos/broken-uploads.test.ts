import { freshName } from '../support/http/client.ts';
import { RawConnection } from '../support/http/raw-http.ts';
import { until } from '../support/waiting/until.ts';
import { expectError } from '../acceptance/velocity/provocation.ts';
import { beginUpload, uploadHead } from '../acceptance/velocity/raw-upload.ts';
import {
  makeAssignedGroup,
  mediaOf,
  openScene,
  poolOf,
  untilAdmitted,
  untilNothingIsLeft,
  type Scene,
} from '../acceptance/velocity/scene.ts';

const SIZE = 4 * 1024 * 1024;

const ENDS: readonly (readonly [how: string, end: (connection: RawConnection) => void])[] = [
  ['disconnects', (connection) => connection.hangUp()],
  ['crashes', (connection) => connection.reset()],
  ['closes its half of the connection', (connection) => connection.finish()],
];

let scene: Scene;
let gid: number;
let name: string;
beforeAll(async () => (scene = await openScene()));
beforeEach(async () => {
  gid = await makeAssignedGroup(scene);
  name = freshName('media');
});

describe.each(ENDS)('An upload whose client %s', (_how, end) => {
  it('in the middle of its headers leaves nothing behind', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const whole = uploadHead(scene.root, { group: gid, name }, SIZE);
    await connection.send(whole.slice(0, whole.length / 2));
    end(connection);
    await untilNothingIsLeft(scene, gid, name);
  });

  it.each([
    ['before the first byte of its body', 0],
    ['after one byte', 1],
    ['in the middle of its body', SIZE / 2],
    ['before the last byte', SIZE - 1],
  ])('%s leaves nothing behind', async (_when, sent) => {
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE);
    await connection.send(Buffer.alloc(sent));
    await untilAdmitted(scene, name);
    end(connection);
    await connection.ended();
    await untilNothingIsLeft(scene, gid, name);
  });

  it('after the last byte is complete, or leaves nothing behind', async () => {
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE);
    await connection.send(Buffer.alloc(SIZE));
    end(connection);
    const { used, listed } = await until('it is finished or gone', async () => {
      const [{ used }, listed] = [await poolOf(scene, gid), await mediaOf(scene, gid)];
      return used === listed.length * SIZE && { used, listed };
    });
    expect(listed.length === 1 ? used : SIZE).toBe(SIZE);
  });
});

describe('An upload with bytes beyond its Content-Length', () => {
  it.each([
    ['one byte promised', 1, 'x'],
    ['some bytes', 10, 'more'],
    ['many bytes', 1000, 'x'.repeat(100_000)],
    ['nothing promised', 0, 'more'],
    ['bytes that look like lines', 10, '\r\n\r\nmore\r\n'],
  ])('all at once is refused and leaves nothing behind: %s', async (_what, promised, more) => {
    const connection = await RawConnection.open(scene.platter.url);
    const whole = uploadHead(scene.root, { group: gid, name }, promised) + 'x'.repeat(promised);
    await connection.send(whole + more);
    expectError(await connection.answer(), 9222, 413);
    await untilNothingIsLeft(scene, gid, name);
  });

  it('that arrive with the end of the body is refused and leaves nothing behind', async () => {
    const connection = await beginUpload(scene.root, { group: gid, name }, SIZE);
    await connection.send(Buffer.alloc(SIZE / 2));
    await untilAdmitted(scene, name);
    await connection.send(Buffer.alloc(SIZE));
    expectError(await connection.answer(), 9222, 413);
    await connection.ended();
    await untilNothingIsLeft(scene, gid, name);
  });

  it('does not affect the next request', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    const names = [name, freshName('media')];
    const [first, second] = names.map((each) => uploadHead(scene.root, { group: gid, name: each }, 5));
    await connection.send(`${first!}bytes${second!}bytes`);
    const answers = [await connection.answer(), await connection.answer()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const listed = await mediaOf(scene, gid);
    expect(new Set(listed.map((media) => media.name))).toEqual(new Set(names));
  });

  it('names the promised size in its message', async () => {
    const connection = await RawConnection.open(scene.platter.url);
    await connection.send(`${uploadHead(scene.root, { group: gid, name }, 3)}bytes`);
    expect((await connection.answer()).body).toMatchObject({ message: expect.stringContaining('3 bytes') as unknown });
  });
});
