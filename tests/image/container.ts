import { logIn, type Client } from '../support/http/client.ts';
import { until } from '../support/waiting/until.ts';
import type { Podman } from './podman.ts';

/** The program in a container, as an operator sees it. */
export class Container {
  readonly #engine: () => Podman;
  readonly name: string;

  constructor(engine: () => Podman, name: string) {
    this.#engine = engine;
    this.name = name;
  }

  /** The address of its port 8090 on this machine, which may change with each start. */
  async url(): Promise<string> {
    return `http://${await this.#engine().podman('port', this.name, '8090/tcp')}`;
  }

  async untilReady(): Promise<void> {
    await until(`${this.name} is ready`, async () => {
      const running = await this.#engine().podman('inspect', '--format', '{{.State.Running}}', this.name);
      if (running !== 'true') throw new Error(`${this.name} ended: ${await this.log()}`);
      const response = await fetch(`${await this.url()}/readyz`).catch(() => null);
      return response?.ok;
    });
  }

  async log(): Promise<string> {
    return this.#engine().podman('logs', this.name);
  }

  /** Runs a command in the container and returns what it printed. @throws if it fails. */
  async execute(...command: readonly string[]): Promise<string> {
    return this.#engine().podman('exec', this.name, ...command);
  }

  async stop(): Promise<void> {
    await this.#engine().podman('stop', '--time', '75', this.name);
  }

  async start(): Promise<void> {
    await this.#engine().podman('start', this.name);
    await this.untilReady();
  }

  async exitCode(): Promise<number> {
    return Number(await this.#engine().podman('inspect', '--format', '{{.State.ExitCode}}', this.name));
  }

  /** Logs in as root, with the password that the first start generated. */
  async logIn(): Promise<Client> {
    return logIn(await this.url(), 'root', await this.execute('cat', '/var/lib/platter/root-password'));
  }
}
