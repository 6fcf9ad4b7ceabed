import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expectDocumentedSomewhere } from '../openapi/documented-answers.ts';
import { until } from '../waiting/until.ts';

/** One answer as it came over the wire, an interim one (1xx) as much as a final one. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: unknown;
}

/** A connection on which a test decides about every byte. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => (this.#received = Buffer.concat([this.#received, chunk])));
    socket.once('end', () => (this.#ended = true));
    socket.once('close', () => (this.#ended = true));
    // The other side may hang up on us: what it said before is what counts.
    socket.on('error', () => undefined);
    open.add(socket);
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    // A client that goes on sending after the answer has come, and only then reads it.
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /**
   * Resolves when the other side, or its kernel, has taken it; also when the connection breaks over
   * it.
   */
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
   * The next answer. Fails when the connection ends before it is whole, and when no call is
   * documented to have such an answer.
   */
  async answer(): Promise<RawAnswer> {
    const answer = await until('an answer', () => {
      const taken = takeAnswer(this.#received);
      if (taken === null && this.#ended) throw new Error(`No answer, but: ${this.#received.toString('latin1')}`);
      if (taken !== null) this.#received = taken.rest;
      return taken?.answer;
    });
    expectDocumentedSomewhere(answer);
    return answer;
  }

  /** What came and was not taken yet. */
  get unread(): string {
    return this.#received.toString('latin1');
  }

  /** Resolves when the other side has ended the connection. */
  async ended(): Promise<void> {
    await until('the end of the connection', () => this.#ended);
  }

  /** Says that nothing more will be sent, and goes on listening. */
  finish(): void {
    this.#socket.end();
  }

  /** Hangs up, as a client that is closed. */
  hangUp(): void {
    this.#socket.destroy();
  }

  /** Hangs up rudely, as a client that crashes: nothing on its way is delivered. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

/** The head of a request, with the empty line that ends it. Characters are bytes (Latin-1). */
export function head(requestLine: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: 'platter', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${requestLine} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function takeAnswer(received: Buffer): { answer: RawAnswer; rest: Buffer } | null {
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
