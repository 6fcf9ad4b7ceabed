import { z } from 'zod';
import { sentReference } from '../sent-reference.ts';
import { keepable, reference } from '../wire.ts';

const address = sentReference.transform((uuid) => reference('ips', uuid));

const addressing = z
  .object({ conf: keepable, ip: address.nullish() })
  .transform(({ conf, ip }) => ({ conf, ip: ip ?? null }));

/** A network interface as it is kept and answered (dumps/response_server_create_full.http). One that comes without an address of its own gets one. */
export const nic = z
  .object({
    boot_order: z.int().min(0).nullish(),
    ip_v4_conf: addressing.nullish(),
    ip_v6_conf: addressing.nullish(),
    mac: keepable.nullish(),
    model: keepable.nullish(),
    vlan: sentReference.transform((uuid) => reference('vlans', uuid)).nullish(),
  })
  .transform(({ boot_order, ip_v4_conf, ip_v6_conf, mac, model, vlan }) => ({
    boot_order: boot_order ?? null,
    ip_v4_conf: ip_v4_conf ?? null,
    ip_v6_conf: ip_v6_conf ?? null,
    mac: mac ?? newMac(),
    model: model ?? 'virtio',
    runtime: null,
    vlan: vlan ?? null,
  }));

/** An address that no maker of hardware gives out. */
function newMac(): string {
  const parts = [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['22', ...parts].join(':');
}
