import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { EditProfile } from '../../../../application/access/edit-profile.ts';
import type { ViewProfile } from '../../../../application/access/view-profile.ts';
import type { Caller } from '../../../../domain/access/caller.ts';
import type { Profile } from '../../../../domain/access/profile.ts';
import { bare, call } from '../call.ts';
import type { Projectable } from '../fields.ts';
import { momentWire, storableText, parseBody } from '../wire.ts';

const personalName = storableText.max(255, 'has at most 255 characters');

/** The ways to name clones that come without a name. */
export const CLONE_NAMINGS = ['NONE', 'COUNTER', 'DATE', 'TIMESTAMP'] as const;

export const profileUpdateRequest = z.object({
  clone_naming: z.enum(CLONE_NAMINGS).optional(),
  first_name: personalName.optional(),
  last_name: personalName.optional(),
});

/** `GET /profile/` */
export function getProfile(viewProfile: ViewProfile): RequestHandler {
  return call(async (context) => bare(context, presented(context.caller, await viewProfile.run(context.caller))));
}

/** `PUT /profile/`. Ignores fields that Platter does not have. */
export function putProfile(editProfile: EditProfile): RequestHandler {
  return call(async (context) => {
    const changes = parseBody(profileUpdateRequest, context.request.body);
    const profile = await editProfile.run(context.caller, {
      cloneNaming: changes.clone_naming,
      firstName: changes.first_name,
      lastName: changes.last_name,
    });
    return bare(context, presented(context.caller, profile));
  });
}

function presented(caller: Caller, profile: Profile): Projectable {
  return {
    ...NEUTRAL,
    clone_naming: profile.cloneNaming,
    email: caller.name,
    first_name: profile.firstName,
    last_name: profile.lastName,
    signup_time: momentWire(profile.since),
    state: 'REGULAR',
    uuid: caller.uuid,
  };
}

/** Fields that Platter does not use, with the types that clients expect. */
const NEUTRAL = {
  address: '',
  api_https_only: false,
  autotopup_amount: '0E-16',
  autotopup_threshold: '0E-16',
  bank_reference: '',
  company: '',
  country: '',
  currency: 'USD',
  has_autotopup: false,
  has_tx_autotopup: false,
  invoicing: false,
  key_auth: false,
  language: 'EN',
  mailing_list: false,
  meta: {},
  my_notes: '',
  network_restrictions: null,
  nickname: '',
  phone: '',
  postcode: '',
  reseller: '',
  tax_name: null,
  tax_rate: null,
  title: '',
  town: '',
  tx_autotopup_amount: '0E-16',
  tx_autotopup_threshold: '0E-16',
  vat: '',
};
