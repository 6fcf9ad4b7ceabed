import type { Api } from '../api/api.ts';
import { CommandFailure } from '../command-failure.ts';
import { Groups, homeGroup } from '../find/groups.ts';
import { findPool } from '../find/pools.ts';
import type { Shell } from '../shell.ts';
import type { Transfers } from '../terminal/transfers.ts';
import { printable } from '../values/printable.ts';
import { ItemUpload, type Uploaded } from './item-upload.ts';
import type { UploadMetadata } from './tus.ts';
import { UploadMemory } from './upload-memory.ts';

/** What `platter upload` was asked for; null is the default. */
export interface UploadTerms {
  readonly group: string | null;
  readonly pool: string | null;
  readonly name: string | null;
  readonly type: string | null;
  readonly readOnly: boolean;
  readonly sha256: string | null;
  /** Of standard input. */
  readonly size: number | null;
  readonly parallel: number;
  readonly patienceSeconds: number;
  readonly json: boolean;
}

/** The uploads of one command. */
export class UploadRun {
  readonly #shell: Shell;
  readonly #terms: UploadTerms;
  readonly #item: ItemUpload;
  readonly #signal: AbortSignal;
  readonly #transfers: Transfers;

  private constructor(shell: Shell, api: Api, terms: UploadTerms, metadata: UploadMetadata) {
    const { patienceSeconds } = terms;
    const memory = new UploadMemory(shell.environment.uploadsFolder);
    this.#shell = shell;
    this.#terms = terms;
    this.#signal = shell.interruption();
    this.#transfers = shell.transfers();
    this.#item = new ItemUpload({
      ...{ api, metadata, patienceSeconds, memory },
      ...{ transfers: this.#transfers, signal: this.#signal },
    });
  }

  /** Finds group and pool. */
  static async prepare(shell: Shell, terms: UploadTerms): Promise<UploadRun> {
    const api = await shell.api();
    const group = terms.group === null ? await homeGroup(api) : (await Groups.of(api)).find(terms.group).id;
    const pool = terms.pool === null ? null : (await findPool(api, group, terms.pool)).pool;
    return new UploadRun(shell, api, terms, {
      group: String(group),
      ...(pool === null ? {} : { pool: String(pool) }),
      ...(terms.type === null ? {} : { velocity_type: terms.type }),
      ...(terms.readOnly ? { readonly: 'true' } : {}),
      ...(terms.sha256 === null ? {} : { sha256: terms.sha256 }),
    });
  }

  /**
   * Uploads all files, some at once, and prints the items in their order. A file that fails stops
   * no other.
   *
   * @throws CommandFailure of the first file that failed
   */
  async uploadAll(files: readonly string[]): Promise<void> {
    const items = new Map<number, Uploaded>();
    const failures = new Map<number, CommandFailure>();
    const rest = [...files.entries()];
    const work = async (): Promise<void> => {
      for (let next = rest.shift(); next !== undefined && !this.#signal.aborted; next = rest.shift()) {
        const [at, file] = next;
        try {
          items.set(at, await this.#upload(file));
        } catch (error) {
          failures.set(at, failureOf(error));
        }
      }
    };
    await Promise.all(Array.from({ length: this.#terms.parallel }, work));
    this.#transfers.close();
    this.#print([...files.keys()].flatMap((at) => items.get(at) ?? []));
    if (this.#signal.aborted) throw interrupted(files);
    const [first] = failures.values();
    if (first === undefined) return;
    if (files.length === 1) throw first;
    const lines = [...failures].map(([at, { message }]) => `  ${printable(files[at] ?? '')}: ${message}`);
    throw new CommandFailure(
      first.reason,
      `${failures.size} of ${files.length} files were not uploaded:\n${lines.join('\n')}`,
      first.advice,
      first,
    );
  }

  #print(items: readonly Uploaded[]): void {
    if (this.#terms.json) this.#shell.printJson(items.filter((item) => typeof item !== 'string'));
    else for (const item of items) this.#shell.print(typeof item === 'string' ? item : item.id);
  }

  async #upload(file: string): Promise<Uploaded> {
    const { name, size } = this.#terms;
    return file === '-' ? this.#item.uploadInput(name ?? '', size ?? 0) : this.#item.uploadFile(file, name);
  }
}

function interrupted(files: readonly string[]): CommandFailure {
  return files.includes('-')
    ? new CommandFailure('interrupted', 'interrupted: nothing was stored')
    : new CommandFailure(
        'interrupted',
        'interrupted',
        'Run the same command again to go on: the server keeps the bytes.',
      );
}

function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  return new CommandFailure('failed', error instanceof Error ? error.message : String(error), null, error);
}
