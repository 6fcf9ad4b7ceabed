import { Router } from 'express';
import type { CheckReadiness } from '../../../application/maintenance/check-readiness.ts';
import { answerJson, limitUnreadTime } from '../shared/answer.ts';
import { onRoute } from '../shared/request-count.ts';

/** All metrics as text, in the format that `contentType` names. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Returns the routes for operators: `/healthz` (liveness), `/readyz` (readiness) and `/metrics`.
 * None needs an authkey.
 */
export function operationsRoutes(checkReadiness: CheckReadiness, expose: () => Promise<Exposition>): Router {
  const router = Router();
  router.get('/healthz', onRoute('/healthz'), (request, response) => {
    answerJson(request, response, 200, { status: 'alive' });
  });
  router.get('/readyz', onRoute('/readyz'), async (request, response) => {
    const { ready, database, library, pools } = await checkReadiness.run();
    answerJson(request, response, ready ? 200 : 503, {
      status: ready ? 'ready' : 'not ready',
      database,
      ...(library === 'none' ? {} : { library }),
      pools,
    });
  });
  router.get('/metrics', onRoute('/metrics'), async (_request, response) => {
    const { contentType, text } = await expose();
    limitUnreadTime(response);
    response.status(200).set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(text);
  });
  return router;
}
