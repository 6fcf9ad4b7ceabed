import type { Answer, Client } from '../support/http/client.ts';
import { performOnDrive, type DriveClients } from './drive-actions.ts';
import { CLONE_GROUPS, UNKNOWN_MEDIA, POOLS, TREE, type DriveAction, type Action, type Scenario } from './scenarios.ts';
import { bytesOf, type Outcome, type ExpectedState } from './expected-state.ts';
import { Barrier } from './barrier.ts';

/** The error with which a client hangs up during an upload. */
class HungUp extends Error {}

/** The clients that perform the actions, one of each kind per replica. */
export interface Clients {
  readonly roots: readonly Client[];
  readonly driveClients: DriveClients;
}

/** Runs all clients concurrently; resolves when each has performed its last action. */
export async function runScenario(
  scenario: Scenario,
  clients: Clients,
  expected: ExpectedState,
  token: string,
): Promise<void> {
  const barrier = new Barrier(scenario.clients.length);
  await Promise.all(
    scenario.clients.map(async (actions, client) => {
      for (const [turn, action] of actions.entries()) {
        expected.outcomes.push(await make(action, clients, expected, barrier, `${token}.${client}.${turn}`));
        barrier.step();
      }
      barrier.leave();
    }),
  );
}

async function make(
  action: Action,
  clients: Clients,
  expected: ExpectedState,
  barrier: Barrier,
  token: string,
): Promise<Outcome> {
  const operation = OPERATIONS[action.kind];
  try {
    const answer = isDriveAction(action)
      ? await performOnDrive(action, clients.driveClients, expected)
      : await ask(action, clients.roots[action.replica]!, expected, barrier, token);
    return { action, operation, answer, fault: null };
  } catch (fault) {
    return { action, operation, answer: null, fault };
  }
}

const OPERATIONS: Readonly<Record<Action['kind'], string>> = {
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

function isDriveAction(action: Action): action is DriveAction {
  return action.kind === 'clone' || action.kind === 'resize' || action.kind === 'delete';
}

async function ask(
  action: Exclude<Action, DriveAction>,
  root: Client,
  expected: ExpectedState,
  barrier: Barrier,
  token: string,
): Promise<Answer> {
  switch (action.kind) {
    case 'assign': {
      const { manage, write, quota } = action;
      return root.call(OPERATIONS.assign, { ...target(action, expected), quota, manage, write });
    }
    case 'revoke':
    case 'list pools':
      return root.call(OPERATIONS[action.kind], target(action, expected));
    case 'upload':
      return upload(action, root, expected, barrier, token);
    case 'create':
      return create(action, root, expected);
    case 'remove':
      return remove(action, root, expected);
    case 'make group':
      return createGroup(action.group, root, expected, token);
    case 'remove group': {
      const gid = expected.gid(action.group);
      const answer = await root.call(OPERATIONS['remove group'], { gid });
      if (answer.status === 200) expected.groupRemoved(gid);
      return answer;
    }
    case 'list media':
      return root.call(OPERATIONS['list media'], { gid: expected.gid(action.group) });
  }
}

function target(
  { group, pool }: { group: number; pool: number },
  expected: ExpectedState,
): { gid: number; mpid: number } {
  return { gid: expected.gid(group), mpid: POOLS[pool]!.mpid };
}

async function upload(
  action: Extract<Action, { kind: 'upload' }>,
  root: Client,
  expected: ExpectedState,
  barrier: Barrier,
  token: string,
): Promise<Answer> {
  const { gid, mpid } = target(action, expected);
  const bytes = bytesOf(action.size, token);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, bytes.length >> 1);
    await barrier.wait(action.hold);
    if (isCut(action)) throw new HungUp();
    yield bytes.subarray(bytes.length >> 1);
  }
  const headers = { 'content-length': bytes.length };
  const answer = await root.upload({ group: gid, pool: mpid, name: action.name, headers }, body());
  if (answer.status === 200) expected.mediaCreated(midIn(answer), gid, bytes);
  return answer;
}

async function create(
  action: Extract<Action, { kind: 'create' }>,
  root: Client,
  expected: ExpectedState,
): Promise<Answer> {
  const { gid, mpid } = target(action, expected);
  const answer = await root.call(OPERATIONS.create, { gid, mpid, name: action.name, size: action.size });
  if (answer.status === 200) expected.mediaCreated(midIn(answer), gid, Buffer.alloc(0), action.size);
  return answer;
}

async function remove(
  action: Extract<Action, { kind: 'remove' }>,
  root: Client,
  expected: ExpectedState,
): Promise<Answer> {
  const mid = expected.mid(action.which) ?? UNKNOWN_MEDIA;
  const answer = await root.call(OPERATIONS.remove, { mid });
  if (answer.status === 200) expected.mediaRemoved(mid);
  return answer;
}

/**
 * Creates the group at this index of `TREE` below the newest group at its parent's index. The first
 * group gets a name that is unique per scenario.
 */
export async function createGroup(
  index: number,
  root: Client,
  expected: ExpectedState,
  token: string,
): Promise<Answer> {
  const { name, parent } = TREE[index]!;
  const parentGid = expected.gid(parent);
  const own = parent === 0 ? `${name} ${token.split('.')[0]!}` : name;
  const answer = await root.call(OPERATIONS['make group'], { name: own, parent_gid: parentGid });
  if (answer.status === 200) expected.groupCreated(index, (answer.body as { gid: number }).gid, parentGid);
  return answer;
}

/**
 * Uploads one item into each clone group, so that there is a source to share and a source to copy.
 */
export async function uploadCloneSources(root: Client, expected: ExpectedState, token: string): Promise<void> {
  for (const [at, index] of CLONE_GROUPS.entries()) {
    const [gid, bytes] = [expected.gid(index), bytesOf(5000, `${token}.${at}`)];
    const isDisk = at % 2 === 1;
    const order = {
      group: gid,
      pool: POOLS[0].mpid,
      name: `first ${at}`,
      readonly: !isDisk,
      type: isDisk ? 'DISK' : 'ISO',
    };
    expected.mediaCreated(midIn(await root.upload(order, bytes)), gid, bytes);
  }
}

/** Tells whether the client of an action hangs up before it has sent everything. */
export function isCut(action: Action): boolean {
  return action.kind === 'upload' && action.cut && action.size > 0;
}

function midIn(answer: Answer): string {
  return (answer.body as { mid: string }).mid;
}
