import { grantsPermission } from '../../domain/access/grant.ts';
import { requirePassword } from '../../domain/access/password.ts';
import { PERMISSIONS } from '../../domain/access/permission.ts';
import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { ROOT_GROUP, ROOT_USER } from '../../domain/shared/ids.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type EnsureRootFailure = 'password-invalid';

const ROOT_NAME = 'root';
const BY_OPERATOR = { name: 'operator', isKnown: true };

/** Ensures at each start that the root user exists and holds every permission on the root group. */
export class EnsureRoot {
  readonly #work: UnitOfWork;
  readonly #hasher: PasswordHasher;
  readonly #random: Random;

  constructor(work: UnitOfWork, hasher: PasswordHasher, random: Random) {
    this.#work = work;
    this.#hasher = hasher;
    this.#random = random;
  }

  /**
   * With a password: root gets it; if it differs from the old one, root's sessions and authkeys
   * end. With null: root keeps its password, and a new root gets a generated one, which is
   * returned. `remember` is called with a generated password before it takes effect, so that a
   * crash cannot lose it, and with null if it does not take effect after all. Returns the generated
   * password or null.
   */
  async run(password: string | null, remember: (password: string | null) => Promise<void>): Promise<string | null> {
    const given = password === null ? null : requirePassword(password);
    const root = await this.#work.run(async (tx) => tx.users.find(ROOT_USER));
    const generated = root === null ? await this.#create(given, remember) : null;
    await this.#grantMissing();
    if (password !== null) await this.#ensurePassword(password);
    return generated;
  }

  async #create(given: string | null, remember: (password: string | null) => Promise<void>): Promise<string | null> {
    const password = given ?? this.#random.password();
    const passwordHash = await this.#hasher.hash(password, BY_OPERATOR);
    if (given === null) await remember(password);
    const isCreated = await this.#work.run(async (tx) => {
      const isNew = await tx.users.insertRoot(ROOT_NAME, passwordHash);
      if (isNew) await tx.audit.record(SYSTEM, { action: 'user.create', user: ROOT_USER });
      return isNew;
    });
    if (given !== null) return null;
    // Another replica created root first: its password is the one that counts.
    if (!isCreated) await remember(null);
    return isCreated ? password : null;
  }

  /**
   * Grants root the missing permissions: all of them at first, later those that a new version adds.
   */
  async #grantMissing(): Promise<void> {
    await this.#work.run(async (tx) => {
      const grants = await tx.grants.ofUser(ROOT_USER);
      const missing = PERMISSIONS.map(({ name }) => name).filter(
        (name) => !grantsPermission(grants, name, [ROOT_GROUP]),
      );
      if (missing.length === 0) return;
      for (const permission of missing) await tx.grants.grant({ user: ROOT_USER, group: ROOT_GROUP, permission });
      const root = { user: ROOT_USER, group: ROOT_GROUP };
      await tx.audit.record(SYSTEM, { action: 'permission.give', ...root, details: { permissions: missing } });
    });
  }

  /**
   * Replaces the hash only if it is the one that did not match, because several replicas may start
   * at the same time.
   */
  async #ensurePassword(password: string): Promise<void> {
    for (;;) {
      const before = await this.#work.run(async (tx) => tx.users.lockShared(ROOT_USER));
      if (before === null) return;
      const guess = { name: before.user.name, password, passwordHash: before.passwordHash };
      if (await this.#hasher.verify(guess, BY_OPERATOR)) return;
      const passwordHash = await this.#hasher.hash(requirePassword(password), BY_OPERATOR);
      const changed = await this.#work.run(async (tx) => {
        const now = await tx.users.lock(ROOT_USER);
        if (now?.passwordHash !== before.passwordHash) return false;
        await tx.users.changePassword(ROOT_USER, passwordHash);
        await tx.authkeys.removeOf(ROOT_USER);
        await tx.loginSessions.removeOf(ROOT_USER);
        await tx.audit.record(SYSTEM, { action: 'user.password', user: ROOT_USER });
        return true;
      });
      if (changed) return;
    }
  }
}
