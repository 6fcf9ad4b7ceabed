import { ATTACKS } from '../attacks/attacks.ts';
import { BEHIND_PROXY, createTenant } from '../attacks/tenants.ts';
import { attackFor } from '../attacks/victim.ts';
import { forgetPeak, memoryOf } from '../frame/processes.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';

const SECONDS = 10;

export const attacks: Row = {
  name: 'attacks',
  title: '/m/pool/list of a tenant that another one attacks: 99 of 100 within, at the worst attack',
  unit: 'ms',
  counts: 'figure',
  better: 'less',
  atLeast: null,
  dream: 250,
  async stage(bench) {
    const { url, pid, authkey } = await startPlatter(bench, { env: BEHIND_PROXY });
    const root = { ...authkey, 'X-Forwarded-For': '192.0.2.1' };
    const victim = await createTenant(url, root, 'victim', '192.0.2.2');
    const attacker = await createTenant(url, root, 'attacker', '198.51.100.9');
    const remarks: string[] = [];
    return {
      subject: {
        name: 'Platter',
        async measure() {
          remarks.length = 0;
          let worst = 0;
          for (const attack of ATTACKS) {
            forgetPeak(pid);
            const { p99, refused } = await attackFor(SECONDS, attack, { attacker, victim });
            const peak = Math.round(memoryOf(pid).peak);
            remarks.push(`${attack.name}: ${Math.round(p99)} ms, peak ${peak} MiB, ${refused.length} refused`);
            worst = Math.max(worst, p99);
          }
          return { figure: worst };
        },
      },
      remarks,
    };
  },
};
