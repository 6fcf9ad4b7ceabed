import { Cloud } from '../acceptance/cloudsigma/cloud.ts';
import { at, makeServer, server, type Server } from '../acceptance/cloudsigma/server-fixtures.ts';
import { freshName, type Answer, type Client } from '../support/http/client.ts';
import type { Replicas } from './replicas.ts';
import { INITIAL_SERVERS, DRIVES, type ServerAction, type WantedDrives } from './server-scenarios.ts';

const MEDIA_PERMISSIONS = ['velocity.media.list', 'velocity.media.create', 'velocity.media.remove'];

/** The statuses that each action may get; a 404 is for an object that another client deleted. */
const EXPECTED_STATUSES: Readonly<Record<ServerAction['kind'], readonly number[]>> = {
  attach: [200, 400, 404, 409],
  'make server': [201, 400, 404, 409],
  'delete server': [204, 404],
  'delete drive': [204, 404],
  'remove media': [200, 404, 409],
  share: [200, 404, 409],
  resize: [202, 400, 404, 409],
  'remove group': [200, 404],
};

/** A server of one client as of its last answer; `drives` is null once it is deleted. */
interface KnownServer {
  readonly uuid: string;
  drives: readonly string[] | null;
}

/** One user, with a client per replica. */
interface User {
  readonly uid: number;
  readonly clouds: readonly Cloud[];
  readonly servers: KnownServer[];
}

/** What clients know of servers and drives from their answers. */
export class ExpectedServers {
  readonly #replicas: Replicas;
  readonly #roots: readonly Client[];
  readonly #users: User[] = [];
  readonly #drives: string[] = [];
  readonly #deleted = new Set<string>();
  readonly unexpected: string[] = [];
  #gids: readonly [top: number, staying: number, going: number] = [0, 0, 0];

  constructor(replicas: Replicas) {
    this.#replicas = replicas;
    this.#roots = replicas.roots;
  }

  async create(clients: number): Promise<void> {
    const [root] = this.#replicas.roots;
    const top = await this.#createGroup(0);
    this.#gids = [top, await this.#createGroup(top), await this.#createGroup(top)];
    for (let client = 0; client < clients; client += 1) this.#users.push(await this.#createUser(top));
    const [first] = this.#users[0]!.clouds;
    for (const { group, media, shareable } of DRIVES) {
      const gid = group === 'going' ? this.#gids[2] : this.#gids[1];
      const order = { gid, mpid: 1, name: freshName('drive'), size: 0 };
      const { mid } = await root.ask<{ mid: string }>('PUT /m/media/create', order);
      await first!.ask(`PUT /drives/${mid}/`, { media, allow_multimount: shareable });
      this.#drives.push(mid);
    }
  }

  /** Performs an action of this client, and records its answer. */
  async perform(client: number, action: ServerAction): Promise<void> {
    const { status, text } = await this.#ask(client, action);
    if (!EXPECTED_STATUSES[action.kind].includes(status))
      this.unexpected.push(`${JSON.stringify(action)}: ${status} ${text}`);
  }

  async #ask(client: number, action: ServerAction): Promise<Answer> {
    const { clouds, servers } = this.#users[client]!;
    const [cloud, root] = [clouds[action.replica]!, this.#roots[action.replica]!];
    switch (action.kind) {
      case 'attach': {
        const known = servers[action.server % servers.length]!;
        const answer = await cloud.call(`PUT /servers/${known.uuid}/`, { drives: this.#wanted(action.wanted) });
        if (answer.status === 200) known.drives = this.#uuids(action.wanted);
        return answer;
      }
      case 'make server': {
        const answer = await cloud.call('POST /servers/', server({ drives: this.#wanted(action.wanted) }));
        if (answer.status === 201) {
          const { objects } = answer.body as { objects: Server[] };
          servers.push({ uuid: objects[0]!.uuid, drives: this.#uuids(action.wanted) });
        }
        return answer;
      }
      case 'delete server': {
        const known = servers[action.server % servers.length]!;
        const query = action.recurse === null ? '' : `?recurse=${action.recurse}`;
        const answer = await cloud.call(`DELETE /servers/${known.uuid}/${query}`);
        if (answer.status === 204) {
          if (action.recurse !== null)
            for (const uuid of known.drives ?? []) this.#noteDeletedWithServer(uuid, action.recurse);
          known.drives = null;
        }
        return answer;
      }
      case 'delete drive':
        return this.#noteDeleted([action.which], await cloud.call(`DELETE /drives/${this.#drives[action.which]!}/`));
      case 'remove media':
        return this.#noteDeleted(
          [action.which],
          await root.call('DELETE /m/media', { mid: this.#drives[action.which] }),
        );
      case 'share':
        return cloud.call(`PUT /drives/${this.#drives[action.which]!}/`, { allow_multimount: action.shareable });
      case 'resize':
        return cloud.call(`POST /drives/${this.#drives[action.which]!}/action/?do=resize`, { size: action.size });
      case 'remove group': {
        const going = DRIVES.flatMap(({ group }, index) => (group === 'going' ? [index] : []));
        return this.#noteDeleted(going, await root.call('DELETE /u/group', { gid: this.#gids[2] }));
      }
    }
  }

  /**
   * Fails unless every answer is documented, exactly the deleted drives are missing, each server
   * has the drives of its client's last answer as far as they exist, and `mounted_on` agrees.
   */
  async expectConsistent(): Promise<void> {
    expect(this.unexpected).toEqual([]);
    const { records } = this.#replicas;
    const existing = new Set((await records.rows(`select id from media where state = 'ready'`)).map(({ id }) => id));
    for (const uuid of this.#drives) {
      expect([uuid, existing.has(uuid)]).toEqual([uuid, !this.#deleted.has(uuid)]);
    }
    expect(
      await records.rows(
        `select media_id from attachments left join media_labels using (media_id)
         where not coalesce(shareable, false) group by media_id having count(distinct server_id) > 1
         union all select media_id from attachments join media on media.id = media_id where state = 'removing'`,
      ),
    ).toEqual([]);
    expect(await records.rows('select * from usage_drift')).toEqual([]);
    for (const { clouds, servers } of this.#users) await this.#expectServers(clouds, servers, existing);
  }

  async #expectServers(
    clouds: readonly Cloud[],
    servers: readonly KnownServer[],
    existing: ReadonlySet<unknown>,
  ): Promise<void> {
    const expected = servers
      .filter(({ drives }) => drives !== null)
      .map(({ uuid, drives }) => [uuid, drives!.filter((drive) => existing.has(drive)).sort()] as const);
    for (const cloud of clouds) {
      const { objects } = await cloud.ask<{ objects: Server[] }>('GET /servers/detail/?limit=0');
      const found = objects.map(({ uuid, drives }) => [uuid, drives.map(({ drive }) => drive.uuid).sort()]);
      expect(found).toEqual(expected);
      const listed = await cloud.ask<{ objects: { uuid: string; mounted_on: { uuid: string }[] }[] }>(
        'GET /drives/detail/?limit=0',
      );
      for (const { uuid, mounted_on } of listed.objects) {
        const on = expected.filter(([, drives]) => drives.includes(uuid)).map(([host]) => host);
        expect([uuid, new Set(mounted_on.map((one) => one.uuid))]).toEqual([uuid, new Set(on)]);
      }
    }
  }

  /** Deletes everything that a scenario left, and fails unless nothing remains. */
  async clear(): Promise<void> {
    const [root] = this.#roots;
    for (const { uid } of this.#users) await root!.ask('DELETE /u/user', { uid });
    await root!.ask('DELETE /u/group', { gid: this.#gids[0] });
    for (const table of ['servers', 'attachments']) {
      expect(await this.#replicas.records.rows(`select * from ${table}`)).toEqual([]);
    }
  }

  #wanted(wanted: WantedDrives): readonly unknown[] {
    return wanted.map(([which, unit]) => at(this.#drives[which], `0:${unit}`));
  }

  #uuids(wanted: WantedDrives): readonly string[] {
    return wanted.map(([which]) => this.#drives[which]!);
  }

  #noteDeleted(indices: readonly number[], answer: Answer): Answer {
    if (answer.status < 300) for (const index of indices) this.#deleted.add(this.#drives[index]!);
    return answer;
  }

  /** Notes a drive of a deleted server as deleted if `recurse` includes its kind. */
  #noteDeletedWithServer(uuid: string, recurse: string): void {
    const isDisk = DRIVES[this.#drives.indexOf(uuid)]!.media === 'disk';
    if (recurse === 'all_drives' || (recurse === 'disks') === isDisk) this.#deleted.add(uuid);
  }

  async #createGroup(parent: number): Promise<number> {
    const [root] = this.#replicas.roots;
    const made = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: parent });
    await root.ask('PUT /m/pool/assign', { gid: made.gid, mpid: 1, quota: 0, write: true, manage: true });
    return made.gid;
  }

  async #createUser(gid: number): Promise<User> {
    const [root] = this.#replicas.roots;
    const name = freshName('user');
    const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    for (const permission of MEDIA_PERMISSIONS) await root.ask('PUT /u/user/permission', { uid, gid, permission });
    const clouds = this.#replicas.platters.map(({ url }) => new Cloud(url, name, name));
    const servers: KnownServer[] = [];
    for (let made = 0; made < INITIAL_SERVERS; made += 1) {
      servers.push({ uuid: (await makeServer(clouds[0]!)).uuid, drives: [] });
    }
    return { uid, clouds, servers };
  }
}
