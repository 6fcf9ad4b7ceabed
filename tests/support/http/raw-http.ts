import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expectDocumentedSomewhere } from '../openapi/documented-answers.ts';
import { until } from '../waiting/until.ts';

/** One response, interim (1xx) or final. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: unknown;
}

/** A connection on which the test controls every byte. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => (this.#received = Buffer.concat([this.#received, chunk])));
    socket.once('end', () => (this.#ended = true));
    socket.once('close', () => (this.#ended = true));
    // The server may close the connection; everything that it sent before counts.
    socket.on('error', () => undefined);
    open.add(socket);
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    // With `allowHalfOpen` the client can keep sending after the response.
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Resolves once the bytes are handed to the kernel, and also if the connection breaks. */
  async send(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.once('close', resolve);
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => {
        this.#socket.off('close', resolve);
        resolve();
      });
    });
  }

  /**
   * Resolves to the next response. Fails if the connection ends first, or if no documented call has
   * such a response.
   */
  async answer(): Promise<RawAnswer> {
    const answer = await until('an answer', () => {
      const parsed = parseAnswer(this.#received);
      if (parsed === null && this.#ended) throw new Error(`No answer, but: ${this.#received.toString('latin1')}`);
      if (parsed !== null) this.#received = parsed.rest;
      return parsed?.answer;
    });
    expectDocumentedSomewhere(answer);
    return answer;
  }

  /** The received bytes that `answer` has not consumed. */
  get unread(): string {
    return this.#received.toString('latin1');
  }

  /** Resolves when the server has ended the connection. */
  async ended(): Promise<void> {
    await until('the end of the connection', () => this.#ended);
  }

  /** Half-closes the connection and keeps reading. */
  finish(): void {
    this.#socket.end();
  }

  /** Closes the connection, as a client that ends. */
  hangUp(): void {
    this.#socket.destroy();
  }

  /** Resets the connection, as a client that crashes: pending data is lost. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

/** Returns the head of a request, with its final empty line. Characters are bytes (Latin-1). */
export function head(requestLine: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: 'platter', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${requestLine} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function parseAnswer(received: Buffer): { answer: RawAnswer; rest: Buffer } | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers = Object.fromEntries(lines.map(parseHeader));
  const bodyAt = headEnd + 4;
  const bodyEnd = bodyAt + Number(headers['content-length'] ?? 0);
  if (received.length < bodyEnd) return null;
  const text = received.toString('utf8', bodyAt, bodyEnd);
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  return { answer: { status, headers, text, body }, rest: received.subarray(bodyEnd) };
}

function parseHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

const open = new Set<Socket>();

afterEach(() => {
  for (const socket of open) socket.destroy();
  open.clear();
});
