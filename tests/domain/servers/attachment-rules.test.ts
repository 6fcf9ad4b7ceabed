import {
  attachmentError,
  slotFaults,
  timesAttached,
  type Candidate,
} from '../../../src/domain/servers/attachment-rules.ts';
import type { Device } from '../../../src/domain/servers/server.ts';
import type { MediaId, ServerId } from '../../../src/domain/shared/ids.ts';

type Slot = Parameters<typeof slotFaults>[0][number];

const slot = (device: Device, controller: number, unit: number): Slot => ({ device, controller, unit });

describe('slotFaults', () => {
  it.each<[string, Slot]>([
    ['the first of ide', slot('ide', 0, 0)],
    ['the last of ide', slot('ide', 1, 1)],
    ['the first of virtio', slot('virtio', 0, 0)],
    ['the last unit of virtio', slot('virtio', 0, 5)],
    ['the last of virtio', slot('virtio', 31, 5)],
  ])('accepts %s', (_what, one) => {
    expect(slotFaults([one])).toEqual([]);
  });

  it.each<[Slot, string]>([
    [slot('ide', 2, 0), 'channel 2:0 of ide is not there: the last is 1:1'],
    [slot('ide', 0, 2), 'channel 0:2 of ide is not there: the last is 1:1'],
    [slot('virtio', 0, 6), 'channel 0:6 of virtio is not there: the last is 31:5'],
    [slot('virtio', 32, 0), 'channel 32:0 of virtio is not there: the last is 31:5'],
  ])('refuses a slot that does not exist: %j', (one, fault) => {
    expect(slotFaults([one])).toEqual([fault]);
  });

  it('refuses a slot that is used twice on one device', () => {
    const two = [slot('ide', 0, 0), slot('virtio', 0, 0), slot('virtio', 0, 1)];
    expect(slotFaults(two)).toEqual([]);
    expect(slotFaults([...two, slot('virtio', 0, 0), slot('ide', 9, 9)])).toEqual([
      'channel 9:9 of ide is not there: the last is 1:1',
      'channel 0:0 of virtio is used twice',
    ]);
  });
});

describe('attachmentError', () => {
  const other = 'other' as ServerId;
  const own: Candidate = { isPublished: false, optical: false, shareable: false };

  it.each<[string, Candidate, number, ServerId[], ReturnType<typeof attachmentError>]>([
    ['a disk of one’s own', own, 1, [], null],
    ['a disk that another server has', own, 1, [other], 'attached-elsewhere'],
    ['a disk twice', own, 2, [], 'attached-twice'],
    ['a CD-ROM that another server has', { ...own, optical: true }, 1, [other], 'attached-elsewhere'],
    ['a shareable disk that another server has, twice', { ...own, shareable: true }, 2, [other], null],
    ['a disk of the library', { ...own, isPublished: true }, 1, [], 'library-disk'],
    ['a shareable disk of the library', { ...own, isPublished: true, shareable: true }, 1, [], 'library-disk'],
    ['a CD-ROM of the library everywhere', { ...own, isPublished: true, optical: true }, 3, [other, other], null],
  ])('decides on %s', (_what, candidate, times, others, refusal) => {
    expect(attachmentError(candidate, times, others)).toBe(refusal);
  });

  it('has the number of attachments from timesAttached', () => {
    const [a, b] = ['a', 'b'] as [MediaId, MediaId];
    expect(timesAttached([{ media: a }, { media: b }, { media: a }])).toEqual(
      new Map([
        [a, 2],
        [b, 1],
      ]),
    );
  });
});
