import { findPermission, PERMISSIONS } from '../../../src/domain/access/permission.ts';

describe('PERMISSIONS', () => {
  it('have the names and numbers of the dialect', () => {
    expect(PERMISSIONS.map(({ number, name }) => `${number} ${name}`)).toEqual([
      '1 velocity.user.create',
      '2 velocity.user.remove',
      '3 velocity.user.assign',
      '4 velocity.user.revoke',
      '5 velocity.user.view',
      '6 velocity.user.list',
      '7 velocity.group.create',
      '8 velocity.group.remove',
      '9 velocity.group.view',
      '10 velocity.pool.list',
      '11 velocity.pool.assign',
      '12 velocity.pool.revoke',
      '13 velocity.media.list',
      '14 velocity.media.create',
      '15 velocity.media.remove',
      '16 velocity.vm.create',
      '17 velocity.vm.remove',
      '18 velocity.vm.alter',
      '19 velocity.vm.view',
      '20 velocity.vm.interact',
      '21 velocity.vm.state',
      '22 velocity.nic.list',
    ]);
  });

  it('are found by their exact name', () => {
    expect(findPermission('velocity.media.list')?.number).toBe(13);
    expect(findPermission('velocity.media')).toBeNull();
    expect(findPermission('toString')).toBeNull();
  });
});
