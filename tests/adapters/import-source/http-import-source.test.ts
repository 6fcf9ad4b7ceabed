import { SourceInterruption } from '../../../src/application/ports/import-source.ts';
import type { HttpImportSource } from '../../../src/adapters/import-source/http-import-source.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { localSource } from '../../support/sources/local-source.ts';
import { outcomeOf } from '../../support/sources/outcomes.ts';
import { ok, response, startSourceServer, type SourceServer } from '../../support/sources/source-server.ts';
import { until } from '../../support/waiting/until.ts';

const TAG = '"abc"';
const HELLO = ok('hello', [`ETag: ${TAG}`]);
const UNREACHABLE = { code: 'source-unreachable', mayPass: false };

describe('HttpImportSource', () => {
  let server: SourceServer;
  let source: HttpImportSource;
  let url: string;
  beforeEach(async () => {
    server = await startSourceServer(() => HELLO);
    source = localSource({ ports: [server.port] });
    url = `http://127.0.0.1:${server.port}/images/disk.img?key=secret`;
  });
  afterEach(async () => server.close());

  async function served(reply: string | Buffer, known = false): Promise<unknown> {
    server.respond = () => reply;
    return outcomeOf(source, url, known ? { known: { from: bytes(2), validator: TAG } } : {});
  }

  it('reads the bytes with their length and validator', async () => {
    expect(await outcomeOf(source, url)).toEqual({ body: 'hello', start: 0, length: 5, validator: TAG });
  });

  it('sends one GET with the URL, the host and nothing else', async () => {
    await outcomeOf(source, url);
    expect(server.requests.map(({ path, headers }) => ({ path, headers }))).toEqual([
      {
        path: '/images/disk.img?key=secret',
        headers: {
          host: `127.0.0.1:${server.port}`,
          'user-agent': 'Platter',
          accept: '*/*',
          'accept-encoding': 'identity',
          connection: 'close',
        },
      },
    ]);
  });

  it('uses no proxy of the environment', async () => {
    const names = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
    const others = { ...process.env };
    const proxy = await startSourceServer(() => ok('proxy'));
    try {
      for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}/`;
      process.env.NODE_USE_ENV_PROXY = '1';
      expect(await outcomeOf(source, url)).toMatchObject({ body: 'hello' });
    } finally {
      for (const name of [...names, 'NODE_USE_ENV_PROXY']) {
        if (others[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = others[name];
      }
    }
    expect(proxy.connections).toBe(0);
    await proxy.close();
  });

  it('uses each connection for one request, and closes it', async () => {
    await outcomeOf(source, url);
    await outcomeOf(source, url);
    await server.idle();
    expect(server.connections).toBe(2);
  });

  it('asks for the bytes behind the known ones, if they are still the same', async () => {
    const rest = response('206 Partial Content', 'llo', ['Content-Range: bytes 2-4/5', `ETag: ${TAG}`]);
    expect(await served(rest, true)).toEqual({ body: 'llo', start: 2, length: 5, validator: TAG });
    expect(server.requests[0]!.headers).toMatchObject({ range: 'bytes=2-', 'if-range': TAG });
  });

  it('reads all bytes if the source ignores the range', async () => {
    expect(await served(HELLO, true)).toEqual({ body: 'hello', start: 0, length: 5, validator: TAG });
  });

  it('notices that the source has changed', async () => {
    const changed = { code: 'source-changed', mayPass: false };
    expect(await served(ok('other', ['ETag: "def"']), true)).toEqual(changed);
    expect(await served(response('416 Range Not Satisfiable'), true)).toEqual(changed);
  });

  it('reads a part of the rest as such', async () => {
    const part = response('206 Partial Content', 'l', ['Content-Range: bytes 2-2/5']);
    expect(await served(part, true)).toEqual({
      body: 'l',
      code: 'source-cut-off',
      detail: { received: 3, length: 5 },
      mayPass: true,
    });
  });

  it('reads a body in chunks, whose length is not known', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await served(`${head}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`)).toMatchObject({ body: 'hello', length: null });
    expect(await served(`${head}3\r\nhel\r\n2\r\nlo\r\n`)).toEqual({
      body: 'hello',
      code: 'source-unreachable',
      mayPass: true,
    });
    expect(await served(`${head}3\r\nhel\r\n<html>`)).toEqual({
      body: 'hel',
      code: 'source-unreachable',
      mayPass: true,
    });
  });

  it('counts the bytes before a connection breaks', async () => {
    expect(await served('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel')).toEqual({
      body: 'hel',
      code: 'source-cut-off',
      detail: { received: 3, length: 5 },
      mayPass: true,
    });
    const rest = 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nl';
    expect(await served(rest, true)).toMatchObject({ body: 'l', detail: { received: 3, length: 5 } });
  });

  it('notices bytes behind the announced ones', async () => {
    expect(await served('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello world')).toMatchObject({
      code: 'source-changed',
      mayPass: false,
    });
    const head = 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/5\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await served(`${head}5\r\nllo w\r\n0\r\n\r\n`, true)).toMatchObject({ code: 'source-changed' });
  });

  it('refuses a body that only the end of the connection ends', async () => {
    expect(await served('HTTP/1.1 200 OK\r\n\r\nhello')).toEqual({
      code: 'source-refused',
      detail: { status: 200, fault: 'endless' },
      mayPass: false,
    });
  });

  it('refuses a body that is compressed although it must not be', async () => {
    expect(await served(ok('hello', ['Content-Encoding: gzip']))).toEqual({
      code: 'source-refused',
      detail: { status: 200, fault: 'encoded' },
      mayPass: false,
    });
  });

  it.each(['400 Bad Request', '403 Forbidden', '404 Not Found', '410 Gone', '501 Not Implemented'])(
    'fails for good with %s',
    async (status) => {
      expect(await served(response(status, 'no'))).toEqual({
        code: 'source-refused',
        detail: { status: Number(status.slice(0, 3)) },
        mayPass: false,
      });
    },
  );

  it.each(['408 Request Timeout', '429 Too Many Requests', '500 Oh', '502 Oh', '503 Oh', '504 Oh'])(
    'may try again after %s, when the source says',
    async (status) => {
      const failure = { code: 'source-refused', detail: { status: Number(status.slice(0, 3)) }, mayPass: true };
      expect(await served(response(status))).toEqual(failure);
      expect(await served(response(status, '', ['Retry-After: 7']))).toEqual({ ...failure, retryAfterSeconds: 7 });
    },
  );

  it('skips interim responses', async () => {
    expect(await served(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${HELLO}`)).toMatchObject({ body: 'hello' });
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nContent-\r\n Length: 5\r\n\r\nhello'],
    ['headers of 20 KiB', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`],
  ])('takes %s for no source', async (_kind, reply) => {
    expect(await served(reply)).toEqual(UNREACHABLE);
  });

  it('does not switch to another protocol', async () => {
    const reply = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n';
    expect(await served(reply)).toMatchObject({ code: 'source-refused', detail: { status: 101 } });
  });

  it('may try again after a connection that ends without a response', async () => {
    expect(await served('')).toEqual({ code: 'source-unreachable', mayPass: true });
  });

  it('may try again when no server listens', async () => {
    await server.close();
    expect(await outcomeOf(source, url)).toEqual({ code: 'source-unreachable', mayPass: true });
    server = await startSourceServer(() => HELLO);
  });

  it('reads on only when the reader does', async () => {
    const length = 64 * 1024 * 1024;
    const block = Buffer.alloc(1024 * 1024);
    let sent = 0;
    server.respond = ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      const send = (): void => {
        while (sent < length) {
          sent += block.length;
          if (!socket.write(block)) return;
        }
      };
      socket.on('drain', send);
      send();
      return null;
    };
    const opened = await source.open(url, null, new AbortController().signal);
    const chunks = opened.body[Symbol.asyncIterator]();
    const first = await chunks.next();
    // Kernel buffers take some; what is left waits for the reader.
    await until('the server waits', () => server.requests[0]!.socket.writableNeedDrain);
    expect(sent).toBeLessThan(length / 2);
    let read = (first.value as Uint8Array).length;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) read += next.value.length;
    expect(read).toBe(length);
    opened.close();
  });

  it('ends the connection when it is closed, or left early', async () => {
    const endless = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(1000)}`;
    server.respond = ({ socket }) => {
      socket.write(endless);
      return null;
    };
    const opened = await source.open(url, null, new AbortController().signal);
    opened.close();
    opened.close();
    await server.idle();
    expect(await source.readText(url, bytes(10), new AbortController().signal)).toBeNull();
    await server.idle();
  });

  it.each(['before the head', 'within the body'])('ends with the reason of the signal %s', async (moment) => {
    const reason = new Error('cancelled');
    const cancelling = new AbortController();
    server.respond = ({ socket }) => {
      if (moment === 'within the body') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel');
      return null;
    };
    const outcome = outcomeOf(source, url, { signal: cancelling.signal });
    const failed = expect(outcome).rejects.toBe(reason);
    await until('the request has arrived', () => server.requests.length === 1);
    cancelling.abort(reason);
    await failed;
    await server.idle();
    await expect(outcomeOf(source, url, { signal: cancelling.signal })).rejects.toBe(reason);
    expect(server.connections).toBe(1);
  });

  describe('does not wait for ever', () => {
    it('for the head of a response', async () => {
      const impatient = localSource({ ports: [server.port], timeouts: { firstByteMs: 50 } });
      server.respond = ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Le');
        return null;
      };
      expect(await outcomeOf(impatient, url)).toEqual({ code: 'source-unreachable', mayPass: true });
      await server.idle();
    });

    it('for the next bytes', async () => {
      const impatient = localSource({ ports: [server.port], timeouts: { idleMs: 50 } });
      server.respond = ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel');
        return null;
      };
      expect(await outcomeOf(impatient, url)).toMatchObject({
        body: 'hel',
        detail: { received: 3, length: 5 },
        mayPass: true,
      });
      await server.idle();
    });

    it('for a certificate', async () => {
      const impatient = localSource({ ports: [server.port], timeouts: { connectMs: 50 } });
      // The server waits for a request, the client for the hello of TLS.
      const secure = url.replace('http:', 'https:');
      expect(await outcomeOf(impatient, secure)).toEqual({ code: 'source-unreachable', mayPass: true });
      await server.idle();
    });
  });

  describe('readText', () => {
    const signal = new AbortController().signal;

    it('has the whole text', async () => {
      server.respond = () => ok('grün\n');
      expect(await source.readText(url, bytes(6), signal)).toBe('grün\n');
    });

    it('has nothing of a text that is too long, or none', async () => {
      server.respond = () => ok('grün\n');
      expect(await source.readText(url, bytes(5), signal)).toBeNull();
      server.respond = () => Buffer.concat([Buffer.from(ok('123').slice(0, -3)), Buffer.from([0x61, 0xff, 0x62])]);
      expect(await source.readText(url, bytes(5), signal)).toBeNull();
    });

    it('fails as reading does', async () => {
      server.respond = () => response('404 Not Found');
      await expect(source.readText(url, bytes(5), signal)).rejects.toMatchObject({ code: 'source-refused' });
      server.respond = () => 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel';
      await expect(source.readText(url, bytes(5), signal)).rejects.toBeInstanceOf(SourceInterruption);
    });
  });
});
