import { Router } from 'express';
import type { CheckReadiness } from '../../../application/maintenance/check-readiness.ts';
import { answerJson } from '../shared/answer.ts';

/** What whoever runs the service asks it: `/healthz` whether it is alive, `/readyz` whether it can serve. Neither needs an authkey. */
export function operationsRoutes(checkReadiness: CheckReadiness): Router {
  const router = Router();
  router.get('/healthz', (request, response) => {
    answerJson(request, response, 200, { status: 'alive' });
  });
  router.get('/readyz', async (request, response) => {
    const { ready, database, library, pools } = await checkReadiness.run();
    answerJson(request, response, ready ? 200 : 503, {
      status: ready ? 'ready' : 'not ready',
      database,
      ...(library === 'none' ? {} : { library }),
      pools,
    });
  });
  return router;
}
