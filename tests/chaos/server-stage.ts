import { Cloud } from '../acceptance/cloudsigma/cloud.ts';
import { at, makeServer, server, type Server } from '../acceptance/cloudsigma/server-room.ts';
import { freshName, type Answer, type Client } from '../support/http/client.ts';
import type { Replicas } from './replicas.ts';
import { SERVERS, STOCK, type ServerMove, type Wanted } from './server-moves.ts';

const EVERYTHING = ['velocity.media.list', 'velocity.media.create', 'velocity.media.remove'];

/** The statuses that each move may get; a 404 is for what somebody deleted before. */
const EXPECTED: Readonly<Record<ServerMove['kind'], readonly number[]>> = {
  attach: [200, 400, 404, 409],
  'make server': [201, 400, 404, 409],
  'delete server': [204, 404],
  'delete drive': [204, 404],
  'remove media': [200, 404, 409],
  share: [200, 404, 409],
  resize: [202, 400, 404, 409],
  'remove group': [200, 404],
};

/** What one client was told of a server of its own: what it has; null once it is deleted. */
interface Told {
  readonly uuid: string;
  drives: readonly string[] | null;
}

/** One client, on each replica. */
interface User {
  readonly uid: number;
  readonly clouds: readonly Cloud[];
  readonly servers: Told[];
}

/** What is known while clients play, from nothing but the answers that they got. */
export class ServerStage {
  readonly #replicas: Replicas;
  readonly #roots: readonly Client[];
  readonly #users: User[] = [];
  readonly #drives: string[] = [];
  readonly #gone = new Set<string>();
  readonly unexpected: string[] = [];
  #gids: readonly [top: number, staying: number, going: number] = [0, 0, 0];

  constructor(replicas: Replicas) {
    this.#replicas = replicas;
    this.#roots = replicas.roots;
  }

  async set(clients: number): Promise<void> {
    const [root] = this.#replicas.roots;
    const top = await this.#makeGroup(0);
    this.#gids = [top, await this.#makeGroup(top), await this.#makeGroup(top)];
    for (let client = 0; client < clients; client += 1) this.#users.push(await this.#hire(top));
    const [first] = this.#users[0]!.clouds;
    for (const { group, media, shareable } of STOCK) {
      const gid = group === 'going' ? this.#gids[2] : this.#gids[1];
      const order = { gid, mpid: 1, name: freshName('stock'), size: 0 };
      const { mid } = await root.ask<{ mid: string }>('PUT /m/media/create', order);
      await first!.ask(`PUT /drives/${mid}/`, { media, allow_multimount: shareable });
      this.#drives.push(mid);
    }
  }

  /** Makes a move of this client, and notes what it was told. */
  async make(client: number, move: ServerMove): Promise<void> {
    const { status, text } = await this.#ask(client, move);
    if (!EXPECTED[move.kind].includes(status)) this.unexpected.push(`${JSON.stringify(move)}: ${status} ${text}`);
  }

  async #ask(client: number, move: ServerMove): Promise<Answer> {
    const { clouds, servers } = this.#users[client]!;
    const [cloud, root] = [clouds[move.replica]!, this.#roots[move.replica]!];
    switch (move.kind) {
      case 'attach': {
        const told = servers[move.server % servers.length]!;
        const answer = await cloud.call(`PUT /servers/${told.uuid}/`, { drives: this.#wanted(move.wanted) });
        if (answer.status === 200) told.drives = this.#uuids(move.wanted);
        return answer;
      }
      case 'make server': {
        const answer = await cloud.call('POST /servers/', server({ drives: this.#wanted(move.wanted) }));
        if (answer.status === 201) {
          const { objects } = answer.body as { objects: Server[] };
          servers.push({ uuid: objects[0]!.uuid, drives: this.#uuids(move.wanted) });
        }
        return answer;
      }
      case 'delete server': {
        const told = servers[move.server % servers.length]!;
        const query = move.recurse === null ? '' : `?recurse=${move.recurse}`;
        const answer = await cloud.call(`DELETE /servers/${told.uuid}/${query}`);
        if (answer.status === 204) {
          if (move.recurse !== null) for (const uuid of told.drives ?? []) this.#taken(uuid, move.recurse);
          told.drives = null;
        }
        return answer;
      }
      case 'delete drive':
        return this.#goingWith([move.which], await cloud.call(`DELETE /drives/${this.#drives[move.which]!}/`));
      case 'remove media':
        return this.#goingWith([move.which], await root.call('DELETE /m/media', { mid: this.#drives[move.which] }));
      case 'share':
        return cloud.call(`PUT /drives/${this.#drives[move.which]!}/`, { allow_multimount: move.shareable });
      case 'resize':
        return cloud.call(`POST /drives/${this.#drives[move.which]!}/action/?do=resize`, { size: move.size });
      case 'remove group': {
        const going = STOCK.flatMap(({ group }, location) => (group === 'going' ? [location] : []));
        return this.#goingWith(going, await root.call('DELETE /u/group', { gid: this.#gids[2] }));
      }
    }
  }

  /**
   * Fails unless nobody was answered what no document has, all that was said to be gone is gone and
   * nothing else, each server has what its user was last told, as far as that is there, and drives
   * say the same of it.
   */
  async expectWhatWasTold(): Promise<void> {
    expect(this.unexpected).toEqual([]);
    const { records } = this.#replicas;
    const there = new Set((await records.rows(`select id from media where state = 'ready'`)).map(({ id }) => id));
    for (const uuid of this.#drives) {
      expect([uuid, there.has(uuid)]).toEqual([uuid, !this.#gone.has(uuid)]);
    }
    expect(
      await records.rows(
        `select media_id from attachments left join media_labels using (media_id)
         where not coalesce(shareable, false) group by media_id having count(distinct server_id) > 1
         union all select media_id from attachments join media on media.id = media_id where state = 'removing'`,
      ),
    ).toEqual([]);
    expect(await records.rows('select * from usage_drift')).toEqual([]);
    for (const { clouds, servers } of this.#users) await this.#expectServers(clouds, servers, there);
  }

  async #expectServers(clouds: readonly Cloud[], servers: readonly Told[], there: ReadonlySet<unknown>): Promise<void> {
    const expected = servers
      .filter(({ drives }) => drives !== null)
      .map(({ uuid, drives }) => [uuid, drives!.filter((drive) => there.has(drive)).sort()] as const);
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

  /** Takes away everything that a play left, and fails unless that leaves nothing. */
  async clear(): Promise<void> {
    const [root] = this.#roots;
    for (const { uid } of this.#users) await root!.ask('DELETE /u/user', { uid });
    await root!.ask('DELETE /u/group', { gid: this.#gids[0] });
    for (const table of ['servers', 'attachments']) {
      expect(await this.#replicas.records.rows(`select * from ${table}`)).toEqual([]);
    }
  }

  #wanted(wanted: Wanted): readonly unknown[] {
    return wanted.map(([which, unit]) => at(this.#drives[which], `0:${unit}`));
  }

  #uuids(wanted: Wanted): readonly string[] {
    return wanted.map(([which]) => this.#drives[which]!);
  }

  #goingWith(locations: readonly number[], answer: Answer): Answer {
    if (answer.status < 300) for (const location of locations) this.#gone.add(this.#drives[location]!);
    return answer;
  }

  /** What a server took along, as far as it was of that kind. */
  #taken(uuid: string, recurse: string): void {
    const isDisk = STOCK[this.#drives.indexOf(uuid)]!.media === 'disk';
    if (recurse === 'all_drives' || (recurse === 'disks') === isDisk) this.#gone.add(uuid);
  }

  async #makeGroup(parent: number): Promise<number> {
    const [root] = this.#replicas.roots;
    const made = await root.ask<{ gid: number }>('PUT /u/group', { name: freshName('group'), parent_gid: parent });
    await root.ask('PUT /m/pool/assign', { gid: made.gid, mpid: 1, quota: 0, write: true, manage: true });
    return made.gid;
  }

  async #hire(gid: number): Promise<User> {
    const [root] = this.#replicas.roots;
    const name = freshName('user');
    const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
    for (const permission of EVERYTHING) await root.ask('PUT /u/user/permission', { uid, gid, permission });
    const clouds = this.#replicas.platters.map(({ url }) => new Cloud(url, name, name));
    const servers: Told[] = [];
    for (let made = 0; made < SERVERS; made += 1) {
      servers.push({ uuid: (await makeServer(clouds[0]!)).uuid, drives: [] });
    }
    return { uid, clouds, servers };
  }
}
