import { Api } from './api/api.ts';
import { CommandFailure, EXIT } from './command-failure.ts';
import type { Environment } from './environment.ts';
import { DEFAULT_PROFILE, readProfile } from './profiles.ts';
import { tableText, type Column } from './terminal/table.ts';
import { Transfers } from './terminal/transfers.ts';
import { printableLines } from './values/printable.ts';

/** The option `--json`. */
export interface JsonOption {
  readonly json?: true;
}

/** What a command sees of the shell that it runs in. */
export class Shell {
  readonly environment: Environment;
  /** The option `--profile`. */
  profile: string | null = null;
  #interruption: AbortController | null = null;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /**
   * Returns a signal that aborts at the first SIGINT or SIGTERM, for commands that end in order. A
   * second one ends the program at once, and so does the first one without this call.
   */
  interruption(): AbortSignal {
    if (this.#interruption !== null) return this.#interruption.signal;
    const controller = (this.#interruption = new AbortController());
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(EXIT.interrupted);
        controller.abort();
      });
    }
    return controller.signal;
  }

  /**
   * Returns the API with the credentials of `--profile`, else of PLATTER_URL and PLATTER_TOKEN,
   * else of the default profile. PLATTER_URL without a token takes the token of the default profile
   * if that is of the same server.
   *
   * @throws usage when there is no login
   */
  async api(): Promise<Api> {
    const { url, token, configFile } = this.environment;
    if (this.profile === null && url !== null && token !== null) return apiAt(url, token);
    const name = this.profile ?? DEFAULT_PROFILE;
    const kept = await readProfile(configFile, name);
    const fits = kept !== null && (this.profile !== null || url === null || sameServer(url, kept.url));
    if (fits) return apiAt(kept.url, this.profile === null ? (token ?? kept.token) : kept.token);
    throw new CommandFailure(
      'usage',
      this.profile === null ? 'no login' : `there is no profile "${name}"`,
      `Run "platter login URL${this.profile === null ? '' : ` --profile ${name}`}", or set PLATTER_URL and PLATTER_TOKEN.`,
    );
  }

  /** Prints a result on standard output. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /**
   * Prints objects of the API as they are. JSON escapes few of the characters that control a
   * terminal; the escapes of the others are JSON too.
   */
  printJson(value: unknown): void {
    this.print(printableLines(JSON.stringify(value, null, 2)));
  }

  /** Prints a table, fitted to a terminal; for programs exact values, separated by tabs. */
  printTable<T>(columns: readonly Column<T>[], rows: readonly T[]): void {
    process.stdout.write(tableText(columns, rows, process.stdout.isTTY ? process.stdout.columns : null));
  }

  /** Prints a list of objects of the API: as they are with `json`, else as a table. */
  printList<T>(columns: readonly Column<T>[], rows: readonly T[], { json }: JsonOption): void {
    if (json === true) this.printJson(rows);
    else this.printTable(columns, rows);
  }

  /** Prints a message for people on standard error. */
  say(message: string): void {
    process.stderr.write(`${printableLines(message)}\n`);
  }

  /** Begins to show the progress of files on standard error. */
  transfers(): Transfers {
    return new Transfers(process.stderr);
  }
}

/**
 * Returns the API at a URL, with a token.
 *
 * @throws usage when the URL or the token is none
 */
export function apiAt(url: string, token: string): Api {
  if (!/^[!-~]+$/.test(token)) {
    throw new CommandFailure('usage', 'the API token has characters that no token has', 'Copy it again, or log in.');
  }
  return new Api({ url: serverUrl(url), authorization: `Bearer ${token}` });
}

/**
 * Parses the URL of a server; without a scheme it is `https`.
 *
 * @throws usage when it is none
 */
export function serverUrl(text: string): URL {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CommandFailure(
      'usage',
      `"${text}" is not the URL of a server`,
      'Write one such as https://depot.example.',
    );
  }
  return url;
}

function sameServer(left: string, right: string): boolean {
  return serverUrl(left).href === serverUrl(right).href;
}
