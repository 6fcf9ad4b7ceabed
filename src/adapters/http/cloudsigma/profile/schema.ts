import { field, schemaOf, READ_ONLY } from '../schema-field.ts';
import { CLONE_NAMINGS } from './profile.ts';

const UNUSED = 'Not used here';

/** The answer to `/profile/schema/`. */
export const PROFILE_SCHEMA = schemaOf(
  { detail: ['get', 'put'], list: ['get', 'put'] },
  {
    address: field('string', UNUSED, READ_ONLY),
    api_https_only: field('boolean', UNUSED, READ_ONLY),
    autotopup_amount: field('string', UNUSED, READ_ONLY),
    autotopup_threshold: field('string', UNUSED, READ_ONLY),
    bank_reference: field('string', UNUSED, READ_ONLY),
    clone_naming: field('string', 'Default names of clones', {
      choices: CLONE_NAMINGS,
      default: 'NONE',
    }),
    company: field('string', UNUSED, READ_ONLY),
    country: field('string', UNUSED, READ_ONLY),
    currency: field('string', UNUSED, READ_ONLY),
    email: field('string', 'Name of the user', READ_ONLY),
    first_name: field('string', 'First name', { default: '' }),
    has_autotopup: field('boolean', UNUSED, READ_ONLY),
    has_tx_autotopup: field('boolean', UNUSED, READ_ONLY),
    invoicing: field('boolean', UNUSED, READ_ONLY),
    key_auth: field('boolean', UNUSED, READ_ONLY),
    language: field('string', UNUSED, READ_ONLY),
    last_name: field('string', 'Last name', { default: '' }),
    mailing_list: field('boolean', UNUSED, READ_ONLY),
    meta: field('dict', UNUSED, READ_ONLY),
    my_notes: field('string', UNUSED, READ_ONLY),
    network_restrictions: field('string', UNUSED, READ_ONLY),
    nickname: field('string', UNUSED, READ_ONLY),
    phone: field('string', UNUSED, READ_ONLY),
    postcode: field('string', UNUSED, READ_ONLY),
    reseller: field('string', UNUSED, READ_ONLY),
    signup_time: field('datetime', 'Creation time of the user', READ_ONLY),
    state: field('string', 'Always REGULAR', READ_ONLY),
    tax_name: field('string', UNUSED, READ_ONLY),
    tax_rate: field('string', UNUSED, READ_ONLY),
    title: field('string', UNUSED, READ_ONLY),
    town: field('string', UNUSED, READ_ONLY),
    tx_autotopup_amount: field('string', UNUSED, READ_ONLY),
    tx_autotopup_threshold: field('string', UNUSED, READ_ONLY),
    uuid: field('string', 'Identifier of the user', READ_ONLY),
    vat: field('string', UNUSED, READ_ONLY),
  },
);
