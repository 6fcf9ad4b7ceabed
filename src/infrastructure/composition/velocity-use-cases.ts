import { authenticated } from '../../adapters/http/shared/callers.ts';
import type { CallerOf } from '../../adapters/http/velocity/call.ts';
import { authkeyOf } from '../../adapters/http/velocity/authkey.ts';
import type { VelocityUseCases } from '../../adapters/http/velocity/routes.ts';
import { T, type Services } from './tokens.ts';

/** What the Velocity dialect asks of the application. */
export function velocityUseCases(services: Services): VelocityUseCases {
  return {
    logIn: services.get(T.LogIn),
    rotateAuthkey: services.get(T.RotateAuthkey),
    revokeAuthkey: services.get(T.RevokeAuthkey),
    viewUser: services.get(T.ViewUser),
    createUser: services.get(T.CreateUser),
    setHomeGroup: services.get(T.SetHomeGroup),
    removeUser: services.get(T.RemoveUser),
    listUsers: services.get(T.ListUsers),
    grantPermission: services.get(T.GrantPermission),
    revokePermission: services.get(T.RevokePermission),
    viewGroup: services.get(T.ViewGroup),
    createGroup: services.get(T.CreateGroup),
    removeGroup: services.get(T.RemoveGroup),
    listGroups: services.get(T.ListGroups),
    assignPool: services.get(T.AssignPool),
    revokePool: services.get(T.RevokePool),
    listPools: services.get(T.ListPools),
    createMedia: services.get(T.CreateMedia),
    uploadMedia: services.get(T.UploadMedia),
    removeMedia: services.get(T.RemoveMedia),
    downloadMedia: services.get(T.DownloadMedia),
    listMedia: services.get(T.ListMedia),
  };
}

/** Who shows which authkey. */
export function velocityCallers(services: Services): CallerOf {
  const authenticate = services.get(T.Authenticate);
  return async (request) => authenticated(request, await authenticate.run(authkeyOf(request)), 'velocity');
}
