import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { answerJson } from '../../../../src/adapters/http/shared/answer.ts';
import type { MinimumRateLimits } from '../../../../src/adapters/http/shared/minimum-rate.ts';
import { CHUNKS_PER_ITERATION } from '../../../../src/adapters/shared/chunk-budget.ts';
import { uploadedBody } from '../../../../src/adapters/http/shared/uploaded-body.ts';
import { gate } from '../../../support/waiting/gate.ts';
import { until } from '../../../support/waiting/until.ts';

const PATIENT: MinimumRateLimits = { idleSeconds: 20, minBytesPerSecond: 0 };

describe('uploadedBody', () => {
  let server: Server;
  let client: Socket;
  let heard: string;
  let serve: (request: Request, response: Response) => Promise<void>;
  beforeEach(async () => {
    const app = express();
    app.use(async (request, response) => serve(request, response));
    server = createServer(app);
    server.on('checkContinue', app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    heard = '';
    client.on('data', (text) => (heard += text.toString())).on('error', () => undefined);
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function begin(length: number, ...headers: readonly string[]): void {
    client.write(['PUT / HTTP/1.1', 'Host: here', `Content-Length: ${length}`, ...headers, '', ''].join('\r\n'));
  }

  /**
   * Resolves with the body of the next request as the server reads it: all its bytes, or its
   * failure.
   */
  async function outcome(limits = PATIENT, asked: () => void = () => undefined): Promise<unknown> {
    return new Promise((resolve) => {
      serve = async (request, response) => {
        const chunks: Uint8Array[] = [];
        try {
          for await (const chunk of uploadedBody(request, response, limits)) {
            chunks.push(Uint8Array.from(chunk));
            asked();
          }
          resolve(Buffer.concat(chunks).toString());
        } catch (error) {
          resolve(error);
        }
        answerJson(request, response, 200, {});
      };
    });
  }

  it('has all the bytes, in any chunks', async () => {
    const first = gate();
    const whole = outcome(PATIENT, () => first.open());
    begin(6);
    client.write('abc');
    await first.opened;
    client.write('def');
    expect(await whole).toBe('abcdef');
  });

  it('keeps no large chunk in memory once the next is asked for', async () => {
    const length = 4 * 1024 * 1024;
    const lengths: number[] = [];
    const read = new Promise<void>((resolve) => {
      serve = async (request, response) => {
        let last: Uint8Array | null = null;
        for await (const chunk of uploadedBody(request, response, PATIENT)) {
          if (last !== null && last.length > 0) lengths.push(last.length);
          last = chunk;
        }
        answerJson(request, response, 200, {});
        resolve();
      };
    });
    begin(length);
    client.write(Buffer.alloc(length, 1));
    await read;
    expect(Math.max(0, ...lengths)).toBeLessThan(16 * 1024);
  });

  it('is empty without announced bytes', async () => {
    const whole = outcome();
    begin(0);
    expect(await whole).toBe('');
  });

  it('ends with the announced bytes and ignores more', async () => {
    const whole = outcome();
    begin(3);
    client.write('abcdef');
    expect(await whole).toBe('abc');
  });

  it('sends 100 Continue only when it is read', async () => {
    const asked = gate();
    const go = gate();
    let whole = '';
    serve = async (request, response) => {
      asked.open();
      await go.opened;
      for await (const chunk of uploadedBody(request, response, PATIENT)) whole += Buffer.from(chunk).toString();
      answerJson(request, response, 200, {});
    };
    begin(3, 'Expect: 100-continue');
    await asked.opened;
    expect(heard).toBe('');
    go.open();
    await until('the invitation', () => heard.includes('100 Continue'));
    client.write('abc');
    await until('the answer', () => heard.includes('200 OK'));
    expect(whole).toBe('abc');
  });

  it('fails as cut off when the client disconnects in the middle', async () => {
    const first = gate();
    const broken = outcome(PATIENT, () => first.open());
    begin(6);
    client.write('abc');
    await first.opened;
    client.destroy();
    expect(await broken).toMatchObject({ code: 'body-cut-off' });
  });

  it('fails as cut off when the client disconnected before it is read', async () => {
    let failure: unknown;
    serve = async (request, response) => {
      await until('the client has gone', () => request.destroyed);
      try {
        for await (const chunk of uploadedBody(request, response, PATIENT)) expect(chunk).toBeDefined();
      } catch (error) {
        failure = error;
      }
    };
    begin(6);
    client.end('abc', () => client.destroy());
    await until('the failure', () => failure);
    expect(failure).toMatchObject({ code: 'body-cut-off' });
  });

  it('fails as too slow when nothing arrives for too long', async () => {
    const broken = outcome({ idleSeconds: 0.05, minBytesPerSecond: 0 });
    begin(6);
    client.write('abc');
    expect(await broken).toMatchObject({ code: 'body-too-slow' });
    await until('an answer all the same', () => heard.includes('200 OK'));
  });

  it('lets an answer through when reading stops early', async () => {
    serve = async (request, response) => {
      for await (const chunk of uploadedBody(request, response, PATIENT)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      answerJson(request, response, 406, { code: 9221 });
    };
    begin(1_000_000);
    client.write('abc');
    await until('the answer', () => heard.includes('9221'));
    expect(heard).toMatch(/^HTTP\/1\.1 406/);
  });

  it('leaves time for other requests, with any number of bodies', async () => {
    const length = 2 ** 21;
    const others = Array.from({ length: 2 }, () => connect((server.address() as AddressInfo).port, '127.0.0.1'));
    const clients = [client, ...others];
    const go = gate();
    let [begun, ended, inTurn, max] = [0, 0, 0, 0];
    let watching = setImmediate(function turnEnds() {
      max = Math.max(max, inTurn);
      inTurn = 0;
      watching = setImmediate(turnEnds);
    });
    serve = async (request, response) => {
      begun += 1;
      await go.opened;
      for await (const chunk of uploadedBody(request, response, PATIENT)) if (chunk.length > 0) inTurn += 1;
      ended += 1;
      answerJson(request, response, 200, {});
    };
    try {
      for (const one of clients) {
        one.write(`PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: ${length}\r\n\r\n`);
        one.write(Buffer.alloc(length));
      }
      await until('all of them', () => begun === clients.length);
      go.open();
      await until('their ends', () => ended === clients.length);
    } finally {
      clearImmediate(watching);
      for (const one of others) one.destroy();
    }
    // Chunks of the next iteration may be counted in the one that ends.
    expect(max).toBeGreaterThan(0);
    expect(max).toBeLessThanOrEqual(2 * CHUNKS_PER_ITERATION);
  });
});
