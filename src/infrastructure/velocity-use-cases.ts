import { recognised } from '../adapters/http/shared/callers.ts';
import type { CallerOf } from '../adapters/http/velocity/call.ts';
import { authkeyOf } from '../adapters/http/velocity/authkey.ts';
import type { VelocityUseCases } from '../adapters/http/velocity/routes.ts';
import { T, type Parts } from './tokens.ts';

/** What the Velocity dialect asks of the application. */
export function velocityUseCases(parts: Parts): VelocityUseCases {
  return {
    logIn: parts.get(T.LogIn),
    swapAuthkey: parts.get(T.SwapAuthkey),
    dropAuthkey: parts.get(T.DropAuthkey),
    viewUser: parts.get(T.ViewUser),
    createUser: parts.get(T.CreateUser),
    setHomeGroup: parts.get(T.SetHomeGroup),
    removeUser: parts.get(T.RemoveUser),
    listUsers: parts.get(T.ListUsers),
    givePermission: parts.get(T.GivePermission),
    takePermission: parts.get(T.TakePermission),
    viewGroup: parts.get(T.ViewGroup),
    createGroup: parts.get(T.CreateGroup),
    removeGroup: parts.get(T.RemoveGroup),
    listGroups: parts.get(T.ListGroups),
    assignPool: parts.get(T.AssignPool),
    revokePool: parts.get(T.RevokePool),
    listPools: parts.get(T.ListPools),
    createMedia: parts.get(T.CreateMedia),
    uploadMedia: parts.get(T.UploadMedia),
    removeMedia: parts.get(T.RemoveMedia),
    downloadMedia: parts.get(T.DownloadMedia),
    listMedia: parts.get(T.ListMedia),
  };
}

/** Who shows which authkey. */
export function velocityCallers(parts: Parts): CallerOf {
  const authenticate = parts.get(T.Authenticate);
  return async (request) => recognised(request, await authenticate.run(authkeyOf(request)), 'velocity');
}
