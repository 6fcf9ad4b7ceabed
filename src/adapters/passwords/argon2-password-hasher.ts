import { createHmac, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { FewAtOnce, type QueueTerms } from './few-at-once.ts';

/**
 * Argon2id with 19 MiB, two passes and one lane: the least that OWASP's Password Storage Cheat Sheet asks for, some tens of milliseconds
 * of one core. Memory in KiB.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const SALT_BYTES = 16;

/** Half of Node's threads at most, so that files and names are still looked up; a full queue is through in about a second. */
const DEFAULT_QUEUE: QueueTerms = { atOnce: 2, waiting: 32, retryAfterSeconds: 2 };

/** Argon2id through Node's thread pool. A verification that is under way is not begun a second time. */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #queue: FewAtOnce;
  /** Whom nobody is: its hash costs as much to verify as any other, and no password is known to belong to it. */
  readonly #nobody = phcOf(randomBytes(SALT_BYTES), randomBytes(COST.outputLen));
  readonly #pepper = randomBytes(32);
  readonly #underWay = new Map<string, Promise<boolean>>();

  constructor(queue: QueueTerms = DEFAULT_QUEUE) {
    this.#queue = new FewAtOnce(queue);
  }

  async hash(password: string): Promise<string> {
    return this.#queue.run(async () => hash(password, COST));
  }

  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    const asked = passwordHash ?? this.#nobody;
    // Neither a password nor anything it could be guessed from serves as a key: what is in memory may end up in a dump.
    const key = createHmac('sha256', this.#pepper).update(asked).update('\0').update(password).digest('base64url');
    const underWay = this.#underWay.get(key) ?? this.#begin(key, asked, password);
    const matches = await underWay;
    return matches && passwordHash !== null;
  }

  async #begin(key: string, passwordHash: string, password: string): Promise<boolean> {
    const answer = this.#queue
      .run(async () => verify(passwordHash, password))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, answer);
    return answer;
  }
}

/** The form in which Argon2 hashes are written: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, base64 without padding. */
function phcOf(salt: Buffer, output: Buffer): string {
  const { memoryCost, timeCost, parallelism } = COST;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(salt)}$${unpadded(output)}`;
}

function unpadded(binary: Buffer): string {
  return binary.toString('base64').replace(/=+$/, '');
}
