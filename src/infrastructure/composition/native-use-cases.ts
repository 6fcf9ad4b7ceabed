import { nativeCallers as callersBy, type CallerOf } from '../../adapters/http/native/callers.ts';
import type { NativeUseCases } from '../../adapters/http/native/use-cases.ts';
import { IdempotentRequests } from '../../application/idempotency/idempotent-requests.ts';
import { AssignPool } from '../../application/pools/assign-pool.ts';
import { BrowseAudit } from '../../application/audit/browse-audit.ts';
import { BrowseGroups } from '../../application/access/browse-groups.ts';
import { ChangeOwnPassword } from '../../application/access/change-own-password.ts';
import { ConcealGroups } from '../../application/access/conceal-groups.ts';
import { ConcealUsers } from '../../application/access/conceal-users.ts';
import { CreateGroup } from '../../application/access/create-group.ts';
import { CreateUser } from '../../application/access/create-user.ts';
import { GrantPermission } from '../../application/access/grant-permission.ts';
import { ListGrants } from '../../application/access/list-grants.ts';
import { ListMembers } from '../../application/access/list-members.ts';
import { ListPools } from '../../application/pools/list-pools.ts';
import { RemoveGroup } from '../../application/access/remove-group.ts';
import { RemoveUser } from '../../application/access/remove-user.ts';
import { RenameGroup } from '../../application/access/rename-group.ts';
import { RevokePermission } from '../../application/access/revoke-permission.ts';
import { RevokePool } from '../../application/pools/revoke-pool.ts';
import { SetHomeGroup } from '../../application/access/set-home-group.ts';
import { Authenticate } from '../../application/access/authenticate.ts';
import { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import { BeginSession } from '../../application/access/begin-session.ts';
import { EndSession } from '../../application/access/end-session.ts';
import { IdentifyCaller } from '../../application/access/identify-caller.ts';
import { loginSessionTerms } from '../../application/access/login-session-terms.ts';
import { CreateToken } from '../../application/access/create-token.ts';
import { ListTokens } from '../../application/access/list-tokens.ts';
import { RemoveToken } from '../../application/access/remove-token.ts';
import { ViewSystem } from '../../application/maintenance/view-system.ts';
import { ListUsersByPage } from '../../application/access/list-users-by-page.ts';
import { ViewUser } from '../../application/access/view-user.ts';
import { mediaUseCases } from './media-use-cases.ts';
import type { Services } from './tokens.ts';
import { operationsUseCases } from './operations-use-cases.ts';
import { linkUseCases } from './link-use-cases.ts';
import { trashUseCases } from './trash-use-cases.ts';

/** Creates the use cases behind `/v1`. */
export function nativeUseCases(services: Services): NativeUseCases {
  const { config, work, pools, lists, verify, hasher, random, removals } = services;
  const { stores, clock, version } = services;
  const viewUser = new ViewUser(work, lists);
  return {
    idempotentRequests: new IdempotentRequests(services),
    beginSession: new BeginSession({ verify, work, random, terms: loginSessionTerms(config.authkeysPerUser) }),
    endSession: new EndSession(work, random),
    listTokens: new ListTokens(work),
    createToken: new CreateToken(work, random, config.maxPossessions),
    removeToken: new RemoveToken(work),
    listUsers: new ListUsersByPage(work),
    createUser: new CreateUser(work, hasher, config.maxPossessions),
    changeOwnPassword: new ChangeOwnPassword(work, verify, hasher),
    setHomeGroup: new SetHomeGroup(work),
    removeUser: new RemoveUser(work),
    viewUser,
    concealUsers: new ConcealUsers(work, viewUser),
    browseGroups: new BrowseGroups(work),
    createGroup: new CreateGroup(work),
    renameGroup: new RenameGroup(work),
    removeGroup: new RemoveGroup(work, removals),
    concealGroups: new ConcealGroups(work),
    listGrants: new ListGrants(work),
    listMembers: new ListMembers(work),
    grantPermission: new GrantPermission(work),
    revokePermission: new RevokePermission(work),
    listPools: new ListPools(work, pools),
    assignPool: new AssignPool(work, pools),
    revokePool: new RevokePool(work, pools),
    browseAudit: new BrowseAudit(work),
    viewSystem: new ViewSystem({
      work,
      pools,
      stores,
      clock,
      version,
      readServiceStatus: operationsUseCases(services).readServiceStatus,
    }),
    ...trashUseCases(services),
    ...mediaUseCases(services),
    ...linkUseCases(services),
  };
}

/** Creates the function that authenticates a request. */
export function nativeCallers(services: Services): CallerOf {
  return callersBy(identifyCaller(services));
}

/** Creates the use case that identifies callers by all the credentials that there are. */
export function identifyCaller({ config, work, random, verify, verified }: Services): IdentifyCaller {
  return new IdentifyCaller({
    work,
    random,
    authenticate: new Authenticate(work, random),
    authenticateWithPassword: new AuthenticateWithPassword(verify, verified),
    terms: loginSessionTerms(config.authkeysPerUser),
  });
}
