import type { OutgoingHttpHeaders } from 'node:http';
import { PERMISSIONS } from '../../../src/domain/access/permission.ts';
import { Client, freshName, logIn, send, type Answer, type Body } from '../../support/http/client.ts';
import {
  Cloud,
  createColleague,
  openCloud,
  createUser,
  EVERYTHING,
  type CloudScene,
  type Listed,
} from '../cloudsigma/cloud.ts';
import { libraryFile, untilReady } from '../cloudsigma/library-files.ts';
import { assign, give, makeGroup, makeUser, midOf } from '../velocity/scene.ts';

/**
 * The roles of a caller towards one tenant: `stranger` has no permissions, `neighbour` all in
 * another tenant's group, `member` an unrelated one in this tenant's, `holder` those of the table
 * row, or is the owner of the object.
 */
export const ROLES = ['anonymous', 'stranger', 'neighbour', 'member', 'holder', 'root'] as const;
export type Role = (typeof ROLES)[number];

/** One caller in both dialects. */
export interface RoleClients {
  readonly client: Client;
  readonly cloud: Cloud;
}

/** Two tenants, and a caller for each role. */
export class MatrixFixture {
  readonly scene: CloudScene;
  /** The group of the attacked tenant, and the user who owns its objects. */
  readonly gid: number;
  readonly owner: RoleClients;
  readonly #askers: Readonly<Record<Exclude<Role, 'holder'>, RoleClients>>;

  private constructor(
    scene: CloudScene,
    gid: number,
    owner: RoleClients,
    askers: Readonly<Record<Exclude<Role, 'holder'>, RoleClients>>,
  ) {
    this.scene = scene;
    this.gid = gid;
    this.owner = owner;
    this.#askers = askers;
  }

  static async open(): Promise<MatrixFixture> {
    const library = await libraryFile([{ name: 'Harbour', uuid: LIBRARY_DRIVE, os: 'linux', arch: 64 }]);
    const scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: library } });
    await untilReady(scene.platter);
    const { gid, cloud } = await createUser(scene);
    const { gid: other } = await createUser(scene);
    const everything = PERMISSIONS.map(({ name }) => name);
    const { url } = scene.platter;
    return new MatrixFixture(scene, gid, await asker(cloud), {
      anonymous: { client: new Client(url, ''), cloud: new Anonymous(url, '', '') },
      stranger: await asker((await createColleague(scene, gid, [])).cloud),
      neighbour: await asker((await createColleague(scene, other, everything)).cloud),
      member: await asker((await createColleague(scene, gid, ['velocity.nic.list'])).cloud),
      root: { client: scene.root, cloud: scene.boss },
    });
  }

  /**
   * Returns the clients of a role. `rights` are the permissions of the holder; null for the owner.
   */
  async asker(role: Role, rights: readonly string[] | null): Promise<RoleClients> {
    if (role !== 'holder') return this.#askers[role];
    return rights === null ? this.owner : asker((await createColleague(this.scene, this.gid, rights)).cloud);
  }

  /** Creates a user of the tenant with one permission. */
  async user(): Promise<number> {
    return (await makeUser(this.scene, this.gid, EVERYTHING[1])).uid;
  }

  /** Creates a user of the tenant with this permission. */
  async userWith(permission: string): Promise<number> {
    const { uid } = await makeUser(this.scene, this.gid);
    await give(this.scene, uid, this.gid, permission);
    return uid;
  }

  /** Creates a subgroup of the tenant that may use the pool. */
  async subgroup(): Promise<number> {
    const gid = await makeGroup(this.scene, this.gid);
    await assign(this.scene, gid);
    return gid;
  }

  /** Uploads an item of the tenant. */
  async item(): Promise<string> {
    return midOf(await this.scene.root.upload({ group: this.gid, name: freshName('item') }, 'bytes'));
  }

  /** Ends all uploads in chunks, which would outlive the test. */
  async endUploads(): Promise<void> {
    const { boss } = this.scene;
    const { objects } = await boss.ask<Listed>('GET /drives/detail/?limit=0');
    for (const { uuid, status } of objects) if (status === 'uploading') await boss.ask(`DELETE /drives/${uuid}/`);
  }

  /** Creates a drive of the tenant. */
  async drive(): Promise<string> {
    return (await this.owner.cloud.make()).uuid;
  }
}

export const LIBRARY_DRIVE = '9a1f0e44-0000-4000-8000-000000000077';

/** Sends no credentials: wrong ones would be counted. */
class Anonymous extends Cloud {
  override async send(operation: string, body: Body = '', headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const [method = '', path = ''] = operation.split(' ');
    return send(this.url, { method, path: `/api/2.0${path}`, headers, body });
  }
}

async function asker(cloud: Cloud): Promise<RoleClients> {
  return { cloud, client: await logIn(cloud.url, cloud.name, cloud.password) };
}
