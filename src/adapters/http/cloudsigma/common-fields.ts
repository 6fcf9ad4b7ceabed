import { z } from 'zod';
import type { TagId } from '../../../domain/shared/ids.ts';
import { recordOf } from '../shared/record-of.ts';
import { idFrom, sentReference } from './sent-reference.ts';
import { storableText } from './wire.ts';

const MAX_KEY_CHARACTERS = 32;

const key = storableText.refine(
  (text) => Array.from(text).length <= MAX_KEY_CHARACTERS,
  `a key has at most ${MAX_KEY_CHARACTERS} characters`,
);

/** Texts of the user by key (docs/cloudsigma.md#drives). */
export const meta = recordOf(key, storableText);

/** The tags of a resource. */
export const tags = z.array(sentReference.transform((uuid) => idFrom(uuid) as TagId | null));
