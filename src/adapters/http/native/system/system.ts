import type { RequestHandler } from 'express';
import type { ViewSystem } from '../../../../application/maintenance/view-system.ts';
import { call } from '../call.ts';
import { systemWire } from './system-wire.ts';

/** `GET /v1/system` */
export function getSystem(viewSystem: ViewSystem): RequestHandler {
  return call(async ({ caller }) => ({ status: 200, body: systemWire(await viewSystem.run(caller)) }));
}
