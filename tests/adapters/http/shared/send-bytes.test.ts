import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { sendBytes } from '../../../../src/adapters/http/shared/send-bytes.ts';
import { openSocket } from '../../../acceptance/hostile/open-socket.ts';
import { gate } from '../../../support/waiting/gate.ts';
import { head } from '../../../support/http/raw-http.ts';

/** More than the sockets between server and client hold. */
const CHUNK = Buffer.alloc(32 * 1024 * 1024);

describe('sendBytes', () => {
  it('ends when the client disconnects before the last bytes', async () => {
    const [sent, left] = [gate(), gate()];
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield CHUNK;
      } finally {
        left.open();
      }
    }
    const app = express().use(async (request, response) => {
      await sendBytes(source(), CHUNK.length, request, response, { idleSeconds: 3600, minBytesPerSecond: 1 });
      sent.open();
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = await openSocket(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    socket.write(head('GET /', {}));
    await once(socket, 'readable');
    socket.destroy();
    await Promise.all([sent.opened, left.opened]);
    server.close();
    await once(server, 'close');
  });
});
