import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { limitUnreadTime } from '../../../src/adapters/http/shared/answer.ts';
import { uploadedBody } from '../../../src/adapters/http/shared/uploaded-body.ts';
import { isFailure } from '../../../src/domain/shared/domain-error.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { openSocket } from './open-socket.ts';

const IDLE_SECONDS = 0.2;
const LIMITS = { idleSeconds: IDLE_SECONDS, minBytesPerSecond: 1_000_000_000 };

describe('uploadedBody and giveUpUnread', () => {
  let server: Server;
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<string>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      void answer(request, response).then((text) => response.end(text));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const upload = async (size: number): Promise<RawConnection> => {
    const connection = await RawConnection.open(url);
    await connection.send(head('PUT /', { 'content-length': size, connection: 'close' }));
    return connection;
  };

  it('do not count the reading time of the server against a client', async () => {
    const size = 4 * 1024 * 1024;
    let pauses = 0;
    answer = async (request, response) => {
      let receivedBytes = 0;
      for await (const chunk of uploadedBody(request as Request, response as Response, LIMITS)) {
        receivedBytes += chunk.length;
        // Longer than the client may be idle, while most bytes wait to be read.
        if (pauses < 3) await delay(2 * IDLE_SECONDS * 1000);
        pauses += 1;
      }
      return `${receivedBytes} bytes`;
    };
    const connection = await upload(size);
    await connection.send(Buffer.alloc(size));
    await connection.ended();
    expect(connection.unread).toContain(`${size} bytes`);
    expect(pauses).toBeGreaterThan(3);
  });

  it('give up a client that sends nothing while the server reads', async () => {
    answer = async (request, response) => {
      try {
        for await (const chunk of uploadedBody(request as Request, response as Response, LIMITS))
          expect(chunk).toHaveLength(1);
        return 'whole';
      } catch (error) {
        return isFailure(error, 'body-too-slow') ? 'too slow' : String(error);
      }
    };
    const connection = await upload(2);
    await connection.send('a');
    await connection.ended();
    expect(connection.unread).toContain('too slow');
  });

  it('disconnect a client that does not read its response', async () => {
    const size = 100_000_000;
    answer = async (_request, response) => {
      limitUnreadTime(response, 100);
      return 'x'.repeat(size);
    };
    const disconnected = once(server, 'connection').then(async ([socket]) => once(socket as Socket, 'close'));
    const deaf = await openSocket(url);
    deaf.write(head('GET /', {}));
    await disconnected;
    const closed = new Promise((resolve) => deaf.once('close', resolve));
    deaf.resume().end();
    await closed;
    expect(deaf.bytesRead).toBeLessThan(size);
  });

  it('do not count the time in which nothing waits for the client', async () => {
    answer = async (request, response) => {
      limitUnreadTime(response, 20);
      // The database is slow.
      for (let waits = 0; waits < 3; waits += 1) await once(request.socket, 'timeout');
      return 'late';
    };
    const connection = await RawConnection.open(url);
    await connection.send(head('GET /', { connection: 'close' }));
    await connection.ended();
    expect(connection.unread).toContain('late');
  });

  it('do not limit the next request on a connection once the response was read', async () => {
    answer = async (request, response) => {
      if (request.url === '/slow') await delay(300);
      else limitUnreadTime(response, 100);
      return 'read';
    };
    const connection = await RawConnection.open(url);
    await connection.send(head('GET /', { 'content-length': 0 }) + head('GET /slow', { connection: 'close' }));
    await connection.ended();
    expect(connection.unread.match(/read/g)).toHaveLength(2);
  });
});
