import { authenticated } from '../../adapters/http/shared/callers.ts';
import { authkeyOf } from '../../adapters/http/velocity/authkey.ts';
import type { CallerOf } from '../../adapters/http/velocity/call.ts';
import type { VelocityUseCases } from '../../adapters/http/velocity/routes.ts';
import { Authenticate } from '../../application/access/authenticate.ts';
import { CreateGroup } from '../../application/access/create-group.ts';
import { CreateUser } from '../../application/access/create-user.ts';
import { GrantPermission } from '../../application/access/grant-permission.ts';
import { ListGroups } from '../../application/access/list-groups.ts';
import { ListUsers } from '../../application/access/list-users.ts';
import { LogIn } from '../../application/access/log-in.ts';
import { RemoveGroup } from '../../application/access/remove-group.ts';
import { RemoveUser } from '../../application/access/remove-user.ts';
import { RevokeAuthkey } from '../../application/access/revoke-authkey.ts';
import { RevokePermission } from '../../application/access/revoke-permission.ts';
import { RotateAuthkey } from '../../application/access/rotate-authkey.ts';
import { SetHomeGroup } from '../../application/access/set-home-group.ts';
import { ViewGroup } from '../../application/access/view-group.ts';
import { ViewUser } from '../../application/access/view-user.ts';
import { CreateMedia } from '../../application/media/create-media.ts';
import { ListMedia } from '../../application/media/list-media.ts';
import { RemoveMedia } from '../../application/media/remove-media.ts';
import { AssignPool } from '../../application/pools/assign-pool.ts';
import { ListPools } from '../../application/pools/list-pools.ts';
import { RevokePool } from '../../application/pools/revoke-pool.ts';
import type { Services } from './tokens.ts';

/** Creates the use cases behind the Velocity API. */
export function velocityUseCases(services: Services): VelocityUseCases {
  const { config, work, pools, lists, verify, hasher, random, removals, ingest, upload, download } = services;
  const settings = { lifetimeSeconds: config.authkeySeconds, maxPerUser: config.authkeysPerUser };
  return {
    logIn: new LogIn({ verify, work, random, settings }),
    rotateAuthkey: new RotateAuthkey(work, random, settings),
    revokeAuthkey: new RevokeAuthkey(work, random),
    viewUser: new ViewUser(work, lists),
    createUser: new CreateUser(work, hasher, config.maxPossessions),
    setHomeGroup: new SetHomeGroup(work),
    removeUser: new RemoveUser(work),
    listUsers: new ListUsers(work, lists),
    grantPermission: new GrantPermission(work),
    revokePermission: new RevokePermission(work),
    viewGroup: new ViewGroup(work, lists),
    createGroup: new CreateGroup(work),
    removeGroup: new RemoveGroup(work, removals),
    listGroups: new ListGroups(work, lists),
    assignPool: new AssignPool(work, pools),
    revokePool: new RevokePool(work, pools),
    listPools: new ListPools(work, pools),
    createMedia: new CreateMedia(ingest),
    uploadMedia: upload,
    removeMedia: new RemoveMedia(services),
    downloadMedia: download,
    listMedia: new ListMedia(work, lists),
  };
}

/** Creates the function that authenticates a request by its authkey. */
export function velocityCallers({ work, random }: Services): CallerOf {
  const authenticate = new Authenticate(work, random);
  return async (request) => authenticated(request, await authenticate.run(authkeyOf(request)), 'velocity');
}
