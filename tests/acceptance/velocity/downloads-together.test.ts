import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { freshName } from '../../support/http/client.ts';
import { head } from '../../support/http/raw-http.ts';
import { openSocket } from '../hostile/open-socket.ts';
import { midOf, openScene, type Scene } from './scene.ts';

const MIB = 1024 * 1024;
/** More than all buffers between server and client hold. */
const MUCH = randomBytes(24 * MIB);
const OTHER = Buffer.alloc(6 * MIB + 1, 'of somebody else');

describe('Concurrent downloads', () => {
  let scene: Scene;
  let much: string;
  let other: string;
  beforeAll(async () => {
    scene = await openScene();
    [much, other] = [await upload(MUCH), await upload(OTHER)];
  });

  async function upload(bytes: Uint8Array): Promise<string> {
    return midOf(await scene.root.upload({ group: 0, name: freshName('media') }, bytes));
  }

  /** Starts a download and stops reading. */
  async function begin(mid: string): Promise<Socket> {
    const socket = await openSocket(scene.platter.url);
    const { authkey } = scene.root;
    socket.write(head(`GET /m/media/${mid}/content`, { authorization: `Bearer ${authkey}`, connection: 'close' }));
    await once(socket, 'readable');
    return socket;
  }

  it('each have their own bytes, even slow ones and while others disconnect', async () => {
    const slow = await Promise.all([begin(much), begin(much)]);
    for (const leaver of await Promise.all([begin(much), begin(much), begin(other)])) leaver.destroy();
    for (let turn = 0; turn < 3; turn += 1) {
      const answers = await Promise.all(Array.from({ length: 3 }, async () => scene.root.read(other)));
      expect(answers.map(({ bytes }) => bytes.equals(OTHER))).toEqual([true, true, true]);
    }
    for (const socket of slow) {
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      await once(socket, 'end');
      expect(Buffer.concat(received).subarray(-MUCH.length).equals(MUCH)).toBe(true);
    }
  });
});
