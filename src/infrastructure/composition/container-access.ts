import type { Container } from 'inversify';
import { Authenticate } from '../../application/access/authenticate.ts';
import { ChangePassword } from '../../application/access/change-password.ts';
import { CreateGroup } from '../../application/access/create-group.ts';
import { CreateUser } from '../../application/access/create-user.ts';
import { RevokeAuthkey } from '../../application/access/revoke-authkey.ts';
import { EditProfile } from '../../application/access/edit-profile.ts';
import { EnsureRoot } from '../../application/access/ensure-root.ts';
import { ForgetAuthkeys } from '../../application/access/forget-authkeys.ts';
import { GrantPermission } from '../../application/access/grant-permission.ts';
import { ListGroups } from '../../application/access/list-groups.ts';
import { ListUsers } from '../../application/access/list-users.ts';
import { LogIn } from '../../application/access/log-in.ts';
import { AuthenticateWithPassword } from '../../application/access/authenticate-with-password.ts';
import { RemoveGroup } from '../../application/access/remove-group.ts';
import { RemoveUser } from '../../application/access/remove-user.ts';
import { SetHomeGroup } from '../../application/access/set-home-group.ts';
import { RotateAuthkey } from '../../application/access/rotate-authkey.ts';
import { RevokePermission } from '../../application/access/revoke-permission.ts';
import { VerifyCredentials } from '../../application/access/verify-credentials.ts';
import { ViewGroup } from '../../application/access/view-group.ts';
import { ViewProfile } from '../../application/access/view-profile.ts';
import { ViewUser } from '../../application/access/view-user.ts';
import type { Config } from '../config/config.ts';
import { T } from './tokens.ts';

/** Puts together what knows who is calling, and what they may. */
export function bindAccess(container: Container, config: Config): void {
  const authkeys = { lifetimeSeconds: config.authkeySeconds, maxPerUser: config.authkeysPerUser };
  container
    .bind(T.Authenticate)
    .toResolvedValue((work, random) => new Authenticate(work, random), [T.UnitOfWork, T.Random]);
  container
    .bind(T.ChangePassword)
    .toResolvedValue((work, hasher) => new ChangePassword(work, hasher), [T.UnitOfWork, T.PasswordHasher]);
  container.bind(T.CreateGroup).toResolvedValue((work) => new CreateGroup(work), [T.UnitOfWork]);
  container
    .bind(T.CreateUser)
    .toResolvedValue(
      (work, hasher) => new CreateUser(work, hasher, config.maxPossessions),
      [T.UnitOfWork, T.PasswordHasher],
    );
  container
    .bind(T.RevokeAuthkey)
    .toResolvedValue((work, random) => new RevokeAuthkey(work, random), [T.UnitOfWork, T.Random]);
  container
    .bind(T.EnsureRoot)
    .toResolvedValue(
      (work, hasher, random) => new EnsureRoot(work, hasher, random),
      [T.UnitOfWork, T.PasswordHasher, T.Random],
    );
  container.bind(T.ForgetAuthkeys).toResolvedValue((work) => new ForgetAuthkeys(work), [T.UpkeepWork]);
  container.bind(T.GrantPermission).toResolvedValue((work) => new GrantPermission(work), [T.UnitOfWork]);
  container
    .bind(T.ListGroups)
    .toResolvedValue((work, lists) => new ListGroups(work, lists), [T.UnitOfWork, T.LongLists]);
  container.bind(T.ListUsers).toResolvedValue((work, lists) => new ListUsers(work, lists), [T.UnitOfWork, T.LongLists]);
  container
    .bind(T.LogIn)
    .toResolvedValue(
      (verify, work, random) => new LogIn({ verify, work, random, settings: authkeys }),
      [T.VerifyCredentials, T.UnitOfWork, T.Random],
    );
  container
    .bind(T.AuthenticateWithPassword)
    .toResolvedValue(
      (verify, verified) => new AuthenticateWithPassword(verify, verified),
      [T.VerifyCredentials, T.VerifiedCredentials],
    );
  container
    .bind(T.VerifyCredentials)
    .toResolvedValue(
      (work, limit, hasher) => new VerifyCredentials(work, limit, hasher),
      [T.UnitOfWork, T.LoginLimit, T.PasswordHasher],
    );
  container
    .bind(T.RemoveGroup)
    .toResolvedValue((work, removals) => new RemoveGroup(work, removals), [T.UnitOfWork, T.Removals]);
  container.bind(T.SetHomeGroup).toResolvedValue((work) => new SetHomeGroup(work), [T.UnitOfWork]);
  container.bind(T.RemoveUser).toResolvedValue((work) => new RemoveUser(work), [T.UnitOfWork]);
  container
    .bind(T.RotateAuthkey)
    .toResolvedValue((work, random) => new RotateAuthkey(work, random, authkeys), [T.UnitOfWork, T.Random]);
  container.bind(T.RevokePermission).toResolvedValue((work) => new RevokePermission(work), [T.UnitOfWork]);
  container.bind(T.ViewGroup).toResolvedValue((work, lists) => new ViewGroup(work, lists), [T.UnitOfWork, T.LongLists]);
  container.bind(T.EditProfile).toResolvedValue((work) => new EditProfile(work), [T.UnitOfWork]);
  container.bind(T.ViewProfile).toResolvedValue((work) => new ViewProfile(work), [T.UnitOfWork]);
  container.bind(T.ViewUser).toResolvedValue((work, lists) => new ViewUser(work, lists), [T.UnitOfWork, T.LongLists]);
}
