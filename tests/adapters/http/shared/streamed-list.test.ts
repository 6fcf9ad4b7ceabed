import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import express from 'express';
import { answerStreamed } from '../../../../src/adapters/http/shared/answer.ts';
import { streamList } from '../../../../src/adapters/http/shared/streamed-list.ts';
import { until } from '../../../support/waiting/until.ts';

const OBJECT_BYTES = 65_000;
const OBJECTS_PER_BATCH = 16;
const BATCHES = 1000;

describe('A streamed list whose client does not read', () => {
  let server: Server;
  let client: Socket;
  let response: ServerResponse | undefined;
  let batchesRead = 0;
  let ended = 0;
  beforeAll(async () => {
    const app = express();
    app.get('/', async (request, answer) => {
      response = answer;
      const batch = Array.from({ length: OBJECTS_PER_BATCH }, () => ({ text: 'x'.repeat(OBJECT_BYTES) }));
      async function* batches(): AsyncGenerator<typeof batch> {
        for (; batchesRead < BATCHES; batchesRead += 1) yield await Promise.resolve(batch);
      }
      const list = { items: batch, rest: { batches: batches(), end: (): unknown => (ended += 1) } };
      const long = streamList({}, 'objects', list, (item: object) => item);
      await answerStreamed(request, answer, 200, long);
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.pause().write('GET / HTTP/1.1\r\nhost: platter\r\n\r\n');
    await until('the connection takes no more', () => Promise.resolve(response?.writableNeedDrain ?? false));
  });
  afterAll(async () => {
    client.destroy();
    server.close();
    await once(server, 'close');
  });

  it('is buffered up to 1 MiB and one object, and read no further', () => {
    expect(response?.writableLength).toBeLessThanOrEqual(1_048_576 + OBJECT_BYTES);
    expect(batchesRead).toBeLessThan(BATCHES / 2);
    expect(ended).toBe(0);
  });

  it('ends when the client disconnects', async () => {
    client.destroy();
    await until('it is ended', () => Promise.resolve(ended === 1));
    expect(batchesRead).toBeLessThan(BATCHES / 2);
  });
});
