import { z } from 'zod';
import { wholeNumber } from '../../shared/whole-number.ts';
import { sentReference } from '../sent-reference.ts';
import { storableText, reference } from '../wire.ts';

const MAX_BOOT_ORDER = 2_147_483_647;

/** The position in the boot order. */
export const bootOrder = wholeNumber.refine(
  (order) => order <= MAX_BOOT_ORDER,
  `must be a whole number from 0 to ${MAX_BOOT_ORDER}`,
);

const address = sentReference.transform((uuid) => reference('ips', uuid));

const addressingRequest = z
  .object({ conf: storableText, ip: address.nullish() })
  .transform(({ conf, ip }) => ({ conf, ip: ip ?? null }));

/**
 * A network interface, as it is stored and returned
 * (tests/fixtures/cloudsigma/response_server_create_full.http). One without a MAC address gets one.
 */
export const nicRequest = z
  .object({
    boot_order: bootOrder.nullish(),
    firewall_policy: sentReference.transform((uuid) => reference('fwpolicies', uuid)).nullish(),
    ip_v4_conf: addressingRequest.nullish(),
    ip_v6_conf: addressingRequest.nullish(),
    mac: storableText.nullish(),
    model: storableText.nullish(),
    vlan: sentReference.transform((uuid) => reference('vlans', uuid)).nullish(),
  })
  .transform(({ boot_order, firewall_policy, ip_v4_conf, ip_v6_conf, mac, model, vlan }) => ({
    boot_order: boot_order ?? null,
    ...(firewall_policy == null ? {} : { firewall_policy }),
    ip_v4_conf: ip_v4_conf ?? null,
    ip_v6_conf: ip_v6_conf ?? null,
    mac: mac ?? newMac(),
    model: model ?? 'virtio',
    runtime: null,
    vlan: vlan ?? null,
  }));

/** Returns a random MAC address in the locally administered range. */
function newMac(): string {
  const parts = [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['22', ...parts].join(':');
}
