import { serve } from '../client/load.ts';
import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';

const UPLOADS = 4;
const SECONDS = 3;

export const smallRequests: Row = {
  name: 'small-requests',
  title: '/m/pool/list while 4 uploads run: 99 of 100 within',
  unit: 'ms',
  counts: 'figure',
  better: 'less',
  atLeast: 20,
  dream: 8,
  async stage(bench) {
    const each = Math.ceil(bench.extent.size / 2);
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    const { gid, authkey: headers, port } = platter;
    const steps = [{ method: 'POST', path: '/m/pool/list', headers, body: JSON.stringify({ gid }) }];
    return {
      subject: {
        name: 'Platter',
        async measure() {
          const heads = await Promise.all(Array.from({ length: UPLOADS }, async () => platter.upload(each)));
          const underway = new Set<number>();
          const uploads = heads.map(async (head, at) => {
            underway.add(at);
            await transfers.go(port, [head], each);
            underway.delete(at);
          });
          const [served] = await Promise.all([
            serve({ port, connections: 1, seconds: SECONDS, steps }).then((found) => {
              if (underway.size === UPLOADS) return found;
              throw new Error('the uploads ended before the requests: use a larger --size');
            }),
            ...uploads,
          ]);
          await platter.empty();
          return { figure: served.p99 };
        },
      },
      remarks: [
        'one client that sends the next request after each response',
        'no ratio: OpenStack Glance is not available here',
      ],
    };
  },
};
