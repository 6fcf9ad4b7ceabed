import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { answerJson } from '../../../../src/adapters/http/shared/answer.ts';
import { Lingering, type LingerLimits } from '../../../../src/adapters/http/shared/lingering.ts';
import { uploadedBody } from '../../../../src/adapters/http/shared/uploaded-body.ts';
import { createHttpServer } from '../../../../src/infrastructure/server/http-server.ts';
import { openSocket } from '../../../acceptance/hostile/open-socket.ts';
import { head, RawConnection } from '../../../support/http/raw-http.ts';
import { until } from '../../../support/waiting/until.ts';

/** Limits that no test reaches. */
const WIDE: LingerLimits = { maxSeconds: 600, windowSeconds: 600, minBytesPerSecond: 1, maxConnections: 1000 };
const HUGE = 10 ** 12;
const MIB = Buffer.alloc(1024 * 1024);

const refuse: RequestHandler = (request, response) => answerJson(request, response, 403, { code: 2100, message: 'no' });

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function listen(limits: Partial<LingerLimits>, app: RequestHandler = refuse, late?: number): Promise<string> {
  const lingering = new Lingering({ ...WIDE, ...limits });
  const broken = { status: 400, body: { code: 110, message: 'broken', error: true, reason: 'broken' } };
  server = createHttpServer(express().use(lingering.afterAnswers, app), () => broken, lingering, late);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a connection on which a request with a body of this length was refused. */
async function refused(url: string, length = HUGE): Promise<RawConnection> {
  const connection = await RawConnection.open(url);
  await connection.send(head('PUT /', { 'content-length': length }));
  expect((await connection.answer()).status).toBe(403);
  return connection;
}

async function open(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}

async function untilClosed(connections = 0): Promise<void> {
  await until('the connection is closed', async () => (await open()) === connections);
}

/** Sends until the server destroys the connection. */
async function flood(url: string, beginning: string): Promise<void> {
  const socket = await openSocket(url);
  const send = (): void => {
    while (!socket.destroyed && socket.write(MIB));
  };
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('drain', send).resume().write(beginning);
  send();
  await closed;
}

describe('A connection that lingers after a refusal', () => {
  it('closes the half of the server at once, and the rest when the client closes its half', async () => {
    const connection = await refused(await listen({}));
    await connection.ended();
    expect(await open()).toBe(1);
    connection.finish();
    await untilClosed();
  });

  it('ends the reader of the body when it is closed', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    const url = await listen({}, (request, response) => {
      const body = uploadedBody(request, response, { idleSeconds: 600, minBytesPerSecond: 1 });
      reading = body[Symbol.asyncIterator]().next();
      reading.catch(() => undefined);
      refuse(request, response, () => undefined);
    });
    const connection = await refused(url);
    connection.finish();
    await untilClosed();
    await expect(reading).rejects.toMatchObject({ code: 'body-cut-off' });
  });

  it('is closed when the body is complete', async () => {
    const connection = await refused(await listen({}), MIB.length);
    await connection.send(MIB);
    await untilClosed();
  });

  it('is closed when the client sends nothing, or too slowly', async () => {
    const url = await listen({ windowSeconds: 0.1, minBytesPerSecond: 1_000_000 });
    const connection = await refused(url);
    await connection.send('a little');
    await untilClosed();
  });

  it('is closed after the time limit, even when the client sends fast', async () => {
    await flood(await listen({ maxSeconds: 0.5 }), head('PUT /', { 'content-length': HUGE }));
    await untilClosed();
  });

  it('is closed above the limit of connections, the oldest first', async () => {
    const url = await listen({ maxConnections: 2 });
    for (let count = 0; count < 4; count += 1) await refused(url);
    await untilClosed(2);
  });

  it('does not serve a following request', async () => {
    const served: string[] = [];
    const url = await listen({}, (request, response) => {
      served.push(request.url);
      answerJson(request, response, 403, { code: 2100, message: 'no' });
    });
    const connection = await RawConnection.open(url);
    await connection.send(head('PUT /first', { 'content-length': 3 }));
    expect((await connection.answer()).status).toBe(403);
    await connection.send(`abc${head('PUT /second', { 'content-length': 0 })}`);
    await untilClosed();
    expect(served).toEqual(['/first']);
  });

  it('also follows a request that cannot be parsed', async () => {
    const url = await listen({ maxSeconds: 0.5 });
    await flood(url, 'PUT / HTTP/1.1\r\ncontent-length: many\r\n\r\n');
    await untilClosed();
    const connection = await RawConnection.open(url);
    await connection.send('PUT / HTTP/1.1\r\ncontent-length: many\r\n\r\n');
    for (let count = 0; count < 20; count += 1) await connection.send(MIB);
    expect((await connection.answer()).body).toMatchObject({ message: 'broken' });
  });

  it('also follows an answer that is not an error', async () => {
    const url = await listen({ maxSeconds: 0.5 }, (_request, response) => {
      response.status(200).end();
    });
    await flood(url, head('GET /', { 'content-length': HUGE }));
    await untilClosed();
  });
});

describe('A head that does not end', () => {
  it('is cut off soon after its time limit, and not served when it ends late', async () => {
    const served: string[] = [];
    const url = await listen(
      { windowSeconds: 1, minBytesPerSecond: 1000 },
      (request, response) => {
        served.push(request.url);
        response.end();
      },
      100,
    );
    const connection = await RawConnection.open(url);
    await connection.send('GET / HTTP/1.1\r\nhost: pla');
    expect((await connection.answer()).body).toMatchObject({ message: 'broken' });
    await connection.send('tter\r\n\r\n');
    await untilClosed();
    expect(served).toEqual([]);
    // Node checks every 30 seconds by default.
  }, 25_000);
});
