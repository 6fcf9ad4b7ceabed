import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { MediaId, PoolId } from '../../../src/domain/shared/ids.ts';
import { insertReady } from '../../contracts/media-depot.ts';
import { freshName, logIn, type Answer, type Client } from '../../support/http/client.ts';
import { libraryEntry } from '../../support/fixtures/library-drives.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { openInProcessServer, type InProcessServer } from '../../support/http/in-process-server.ts';
import { Cloud, type Listed } from '../cloudsigma/cloud.ts';
import { at, server } from '../cloudsigma/server-fixtures.ts';

/** The objects that audited calls need: a group with a pool, a user in it, and a stranger. */
export class AuditFixture {
  readonly server: InProcessServer;
  readonly root: Client;
  readonly boss: Cloud;
  readonly group: number;
  readonly user: { readonly uid: number; readonly name: string };
  /** A user without permissions. */
  readonly stranger: { readonly uid: number; readonly client: Client; readonly cloud: Cloud };

  private constructor(
    server: InProcessServer,
    group: number,
    user: AuditFixture['user'],
    stranger: AuditFixture['stranger'],
  ) {
    this.server = server;
    this.root = server.root;
    this.boss = new Cloud(server.url, 'root', ROOT_PASSWORD);
    this.group = group;
    this.user = user;
    this.stranger = stranger;
  }

  static async open(): Promise<AuditFixture> {
    const still = await openInProcessServer();
    const { root, url } = still;
    const { gid } = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('lab'), parent_gid: 0 });
    await root.ask('PUT /m/pool/assign', { gid, mpid: 1, quota: 0, write: true, manage: true });
    const [name, other] = [freshName('user'), freshName('stranger')];
    const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    const { uid: strange } = await root.ask<{ uid: number }>('PUT /u/user', { name: other, password: other });
    const client = await logIn(url, other, other);
    return new AuditFixture(still, gid, { uid, name }, { uid: strange, client, cloud: new Cloud(url, other, other) });
  }

  /** Creates an item in the group. */
  async media(): Promise<string> {
    const order = { gid: this.group, mpid: 1, name: freshName('media'), size: 4096 };
    return (await this.root.ask<{ mid: string }>('PUT /m/media/create', order)).mid;
  }

  async drive(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await this.boss.make(fields)).uuid;
  }

  /** Creates one object and returns its UUID. */
  async made(operation: string, fields: object): Promise<string> {
    return (await this.boss.ask<Listed<{ readonly uuid: string }>>(operation, fields)).objects[0]!.uuid;
  }

  async tag(): Promise<string> {
    return this.made('POST /tags/', { name: freshName('tag') });
  }

  /** Creates a server with these drives attached. */
  async host(...drives: readonly string[]): Promise<string> {
    const wanted = drives.map((uuid, unit) => at(uuid, `0:${unit}`));
    return this.made('POST /servers/', server({ drives: wanted }));
  }

  async published(): Promise<MediaId> {
    return this.server.depot.work.run(async (tx) => {
      const id = await insertReady(tx, { pool: 1 as PoolId });
      const entry = libraryEntry({ facts: { name: freshName('published') } });
      await tx.library.insert(id, entry);
      await tx.library.publish(id, entry);
      return id;
    });
  }

  /** Returns all audit events, oldest first. */
  async entries(): Promise<readonly AuditEntry[]> {
    return (await this.server.depot.work.run(async (tx) => tx.audit.search({}, 1000, null))).toReversed();
  }

  /** Returns the answer to a call and the events that it recorded. */
  async during(
    ask: () => Promise<Answer>,
  ): Promise<{ readonly answer: Answer; readonly written: readonly AuditEntry[] }> {
    const before = new Set((await this.entries()).map(({ id }) => id));
    const answer = await ask();
    return { answer, written: (await this.entries()).filter(({ id }) => !before.has(id)) };
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
