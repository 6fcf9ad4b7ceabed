import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { until } from '../support/waiting/until.ts';

/**
 * A TCP proxy with an address of its own, which outlives the server behind it, and with a gate, at
 * which a transfer stops halfway for as long as a test wants.
 */
export class GatedProxy {
  readonly #server: Server;
  readonly #port: () => number;
  readonly #sockets = new Set<Socket>();
  /** Bytes that may still pass; null for all. */
  #left: number | null = null;
  readonly #waiting: (() => void)[] = [];

  private constructor(server: Server, port: () => number) {
    this.#server = server;
    this.#port = port;
  }

  /** Opens a proxy to whatever port the server has when a client connects. */
  static async open(port: () => number): Promise<GatedProxy> {
    const server = createServer();
    const proxy = new GatedProxy(server, port);
    server.on('connection', (socket) => proxy.#accept(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.add(proxy);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Lets this many more bytes pass, in both directions together; then one transfer stops. */
  limit(bytes: number): void {
    this.#left = bytes;
  }

  /** Resolves once a transfer stands at the gate. */
  async stopped(): Promise<void> {
    await until('a transfer stands at the gate', () => this.#waiting.length > 0);
  }

  /** Lets everything pass. */
  release(): void {
    this.#left = null;
    for (const go of this.#waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    open.delete(this);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const server = connect(this.#port(), '127.0.0.1');
    this.#join(client, server);
    this.#join(server, client);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('end', () => to.end());
    from.on('data', (chunk: Buffer) => {
      from.pause();
      const pass = (): void => void to.write(chunk, () => from.resume());
      if (this.#stops(chunk.length)) this.#waiting.push(pass);
      else pass();
    });
  }

  /** One transfer alone stops at the gate: others pass meanwhile. */
  #stops(bytes: number): boolean {
    if (this.#left === null) return false;
    this.#left -= bytes;
    if (this.#left >= 0) return false;
    this.#left = null;
    return true;
  }
}

const open = new Set<GatedProxy>();

afterAll(async () => {
  for (const proxy of open) await proxy.close();
});
