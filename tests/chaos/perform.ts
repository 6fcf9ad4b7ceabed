import type { Answer, Client } from '../support/http/client.ts';
import { performOnDrives, type Landlords } from './drives.ts';
import { HOMES, NO_MEDIA, POOLS, TREE, type DriveMove, type Move, type Play } from './moves.ts';
import { bytesOf, type Outcome, type Stage } from './stage.ts';
import { Barrier } from './barrier.ts';

/** Why an upload was cut off. */
class HungUp extends Error {}

/** Who makes the moves: one of each on each replica. */
export interface Cast {
  readonly roots: readonly Client[];
  readonly cloners: Landlords;
}

/** Plays all clients side by side and resolves when each has made its last move. */
export async function perform(play: Play, cast: Cast, stage: Stage, token: string): Promise<void> {
  const barrier = new Barrier(play.clients.length);
  await Promise.all(
    play.clients.map(async (moves, client) => {
      for (const [turn, move] of moves.entries()) {
        stage.outcomes.push(await make(move, cast, stage, barrier, `${token}.${client}.${turn}`));
        barrier.step();
      }
      barrier.leave();
    }),
  );
}

async function make(move: Move, cast: Cast, stage: Stage, barrier: Barrier, token: string): Promise<Outcome> {
  const operation = OPERATIONS[move.kind];
  try {
    const answer = isOnDrives(move)
      ? await performOnDrives(move, cast.cloners, stage)
      : await ask(move, cast.roots[move.replica]!, stage, barrier, token);
    return { move, operation, answer, fault: null };
  } catch (fault) {
    return { move, operation, answer: null, fault };
  }
}

const OPERATIONS: Readonly<Record<Move['kind'], string>> = {
  assign: 'PUT /m/pool/assign',
  revoke: 'DELETE /m/pool/assign',
  'list pools': 'POST /m/pool/list',
  upload: 'PUT /m/media/upload',
  create: 'PUT /m/media/create',
  remove: 'DELETE /m/media',
  'make group': 'PUT /u/group',
  'remove group': 'DELETE /u/group',
  'list media': 'POST /m/media/list',
  clone: 'do=clone',
  resize: 'do=resize',
  delete: 'DELETE /drives/',
};

function isOnDrives(move: Move): move is DriveMove {
  return move.kind === 'clone' || move.kind === 'resize' || move.kind === 'delete';
}

async function ask(
  move: Exclude<Move, DriveMove>,
  root: Client,
  stage: Stage,
  barrier: Barrier,
  token: string,
): Promise<Answer> {
  switch (move.kind) {
    case 'assign': {
      const { manage, write, quota } = move;
      return root.call(OPERATIONS.assign, { ...target(move, stage), quota, manage, write });
    }
    case 'revoke':
    case 'list pools':
      return root.call(OPERATIONS[move.kind], target(move, stage));
    case 'upload':
      return upload(move, root, stage, barrier, token);
    case 'create':
      return create(move, root, stage);
    case 'remove':
      return remove(move, root, stage);
    case 'make group':
      return makeGroup(move.group, root, stage, token);
    case 'remove group': {
      const gid = stage.gid(move.group);
      const answer = await root.call(OPERATIONS['remove group'], { gid });
      if (answer.status === 200) stage.groupRemoved(gid);
      return answer;
    }
    case 'list media':
      return root.call(OPERATIONS['list media'], { gid: stage.gid(move.group) });
  }
}

function target({ group, pool }: { group: number; pool: number }, stage: Stage): { gid: number; mpid: number } {
  return { gid: stage.gid(group), mpid: POOLS[pool]!.mpid };
}

async function upload(
  move: Extract<Move, { kind: 'upload' }>,
  root: Client,
  stage: Stage,
  barrier: Barrier,
  token: string,
): Promise<Answer> {
  const { gid, mpid } = target(move, stage);
  const bytes = bytesOf(move.size, token);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, bytes.length >> 1);
    await barrier.wait(move.hold);
    if (isCut(move)) throw new HungUp();
    yield bytes.subarray(bytes.length >> 1);
  }
  const headers = { 'content-length': bytes.length };
  const answer = await root.upload({ group: gid, pool: mpid, name: move.name, headers }, body());
  if (answer.status === 200) stage.mediaMade(midIn(answer), gid, bytes);
  return answer;
}

async function create(move: Extract<Move, { kind: 'create' }>, root: Client, stage: Stage): Promise<Answer> {
  const { gid, mpid } = target(move, stage);
  const answer = await root.call(OPERATIONS.create, { gid, mpid, name: move.name, size: move.size });
  if (answer.status === 200) stage.mediaMade(midIn(answer), gid, Buffer.alloc(0), move.size);
  return answer;
}

async function remove(move: Extract<Move, { kind: 'remove' }>, root: Client, stage: Stage): Promise<Answer> {
  const mid = stage.mid(move.which) ?? NO_MEDIA;
  const answer = await root.call(OPERATIONS.remove, { mid });
  if (answer.status === 200) stage.mediaRemoved(mid);
  return answer;
}

/**
 * Makes the group of this place below what stands in its parent's place; the first group of the
 * tree gets a name of this play's own.
 */
export async function makeGroup(location: number, root: Client, stage: Stage, token: string): Promise<Answer> {
  const { name, parent } = TREE[location]!;
  const parentGid = stage.gid(parent);
  const own = parent === 0 ? `${name} ${token.split('.')[0]!}` : name;
  const answer = await root.call(OPERATIONS['make group'], { name: own, parent_gid: parentGid });
  if (answer.status === 200) stage.groupMade(location, (answer.body as { gid: number }).gid, parentGid);
  return answer;
}

/**
 * Puts something into the groups of whoever clones, so that there is something to clone from the
 * beginning: what is shared, and what is copied.
 */
export async function bringFirst(root: Client, stage: Stage, token: string): Promise<void> {
  for (const [at, location] of HOMES.entries()) {
    const [gid, bytes] = [stage.gid(location), bytesOf(5000, `${token}.${at}`)];
    const isDisk = at % 2 === 1;
    const order = {
      group: gid,
      pool: POOLS[0].mpid,
      name: `first ${at}`,
      readonly: !isDisk,
      type: isDisk ? 'DISK' : 'ISO',
    };
    stage.mediaMade(midIn(await root.upload(order, bytes)), gid, bytes);
  }
}

/** Whether the client of a move hung up before it had sent everything. */
export function isCut(move: Move): boolean {
  return move.kind === 'upload' && move.cut && move.size > 0;
}

function midIn(answer: Answer): string {
  return (answer.body as { mid: string }).mid;
}
