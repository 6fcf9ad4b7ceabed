import type { Request, Response, Router } from 'express';
import type { OpenLink } from '../../../../application/links/open-link.ts';
import { noStore } from '../../shared/answer.ts';
import { originOf } from '../../shared/callers.ts';
import { answerContent } from '../../shared/content.ts';
import type { MinimumRateLimits } from '../../shared/minimum-rate.ts';
import { noSuchPath, routeTable } from '../../shared/route-table.ts';

/** Where links are mounted: outside the dialects, without credentials. */
export const LINKS_ROOT = '/l';

/** The channel of requests by links. */
const CHANNEL = 'link';

/**
 * Serves the bytes behind links: GET and HEAD with ranges, never a redirect, since firmware follows
 * none (docs/api.md#links). The file name in the path is for the client only. Mount it at
 * `LINKS_ROOT`.
 */
export function linkRoutes(openLink: OpenLink, minimumRate: MinimumRateLimits): Router {
  const handler = async (request: Request, response: Response): Promise<void> => {
    const { content, use } = await openLink.run(String(request.params.secret), originOf(request, CHANNEL));
    response.once('close', () => use.end());
    use.signal.addEventListener('abort', () => response.destroy(), { once: true });
    await answerContent(request, response, { ...content, fileName: content.name }, minimumRate);
  };
  const router = routeTable(
    { 'GET /{secret}/{name}': handler },
    { middleware: [noStore], before: () => [], patternOf: (path) => `${LINKS_ROOT}${path}` },
  );
  router.use(noSuchPath);
  return router;
}
