import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The wire between clients and the program: it has one address, and a test may cut it. */
export class Wire {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #target: () => number | null;
  /** Cuts the connection that brings so many bytes from a client; counts anew after a cut. */
  #cutAfter = Infinity;
  /** All bytes that came from clients. */
  received = 0;
  cuts = 0;

  private constructor(target: () => number | null) {
    this.#target = target;
    this.#server = createServer({ allowHalfOpen: false }, (client) => this.#forward(client));
  }

  /** `target` returns the port of the program; null refuses connections. */
  static async open(target: () => number | null): Promise<Wire> {
    const wire = new Wire(target);
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    open.add(wire);
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts a connection whenever it brought so many bytes, `times` times. */
  cutEvery(bytes: number, times: number): void {
    this.#cutAfter = bytes;
    this.#times = times;
  }
  #times = 0;

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
  }

  /** Forwards no more bytes on the connections that are open, and closes none of them. */
  silence(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.removeAllListeners('drain').pause();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(client: Socket): void {
    const port = this.#target();
    if (port === null) {
      client.destroy();
      return;
    }
    const program = connect(port, '127.0.0.1');
    const pair = [client, program] as const;
    this.#pairs.add(pair);
    let brought = 0;
    client.on('data', (bytes: Buffer) => {
      this.received += bytes.length;
      brought += bytes.length;
      if (brought > this.#cutAfter && this.#times > 0) {
        this.#times -= 1;
        this.cuts += 1;
        for (const socket of pair) socket.destroy();
        return;
      }
      if (!program.write(bytes)) client.pause();
    });
    program.on('drain', () => client.resume());
    program.on('data', (bytes: Buffer) => client.write(bytes));
    for (const [socket, other] of [pair, [program, client] as const]) {
      socket.on('error', () => undefined);
      socket.on('end', () => other.end());
      socket.once('close', () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}

const open = new Set<Wire>();

afterAll(async () => {
  for (const wire of open) await wire.close();
});
