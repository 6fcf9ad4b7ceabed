import type { InstanceId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Records that this replica runs. Run it periodically, more often than once a minute. */
export class SeeReplica {
  readonly #work: UnitOfWork;
  readonly #id: InstanceId;
  readonly #version: string;

  constructor(work: UnitOfWork, id: InstanceId, version: string) {
    this.#work = work;
    this.#id = id;
    this.#version = version;
  }

  /** @throws `unavailable` */
  async run(): Promise<void> {
    await this.#work.run(async (tx) => tx.system.see(this.#id, this.#version));
  }
}
