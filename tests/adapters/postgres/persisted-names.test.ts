import { operationFrom, persistedOperation, stateFrom } from '../../../src/adapters/postgres/persisted-names.ts';

describe('persisted names', () => {
  it('spells the operations of jobs as the first release did', () => {
    expect(persistedOperation('unshare')).toBe('part');
    expect(persistedOperation('clone')).toBe('clone');
  });

  it('reads the spelling of the first release', () => {
    expect(operationFrom('part')).toBe('unshare');
    expect(operationFrom('clone')).toBe('clone');
    expect(stateFrom('parting')).toBe('unsharing');
    expect(stateFrom('ready')).toBe('ready');
  });
});
