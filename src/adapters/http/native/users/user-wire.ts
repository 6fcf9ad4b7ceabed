import { z } from 'zod';

export const userResponse = z.object({ id: z.int(), name: z.string() });

/** Presents a user. */
export function userWire({ id, name }: { readonly id: number; readonly name: string }): z.input<typeof userResponse> {
  return { id, name };
}
