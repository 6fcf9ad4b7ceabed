import { LongLists } from '../../../src/application/lists/long-lists.ts';
import type { UserId } from '../../../src/domain/shared/ids.ts';

const [ANN, BEN] = [7 as UserId, 8 as UserId];

describe('LongLists', () => {
  it('lets a user read two lists at once, independently of other users, and the next one when one ends', async () => {
    const lists = new LongLists();
    const [first] = [await lists.begin(ANN), await lists.begin(ANN), await lists.begin(BEN)];
    expect(lists.tryBegin(ANN)).toBeNull();
    expect(lists.tryBegin(BEN)).not.toBeNull();
    const third = lists.begin(ANN);
    first();
    first();
    const endThird = await third;
    expect(lists.tryBegin(ANN)).toBeNull();
    endThird();
    expect(lists.tryBegin(ANN)).not.toBeNull();
  });

  it('refuses a list that waited for too long, and removes it from the queue', async () => {
    const lists = new LongLists(1);
    const [first] = [await lists.begin(ANN), await lists.begin(ANN)];
    await expect(lists.begin(ANN)).rejects.toMatchObject({
      code: 'unavailable',
      detail: { retryAfterSeconds: expect.any(Number) as number },
    });
    first();
    expect(lists.tryBegin(ANN)).not.toBeNull();
  });
});
