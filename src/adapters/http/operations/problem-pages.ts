import { Router } from 'express';
import { limitUnreadTime } from '../shared/answer.ts';
import { problemAnswer } from '../shared/problem-answer.ts';
import { PROBLEM_PAGES } from '../shared/problem.ts';
import { problemTitle } from '../shared/problems.ts';
import { onRoute } from '../shared/request-count.ts';
import { noSuchPath } from '../shared/route-table.ts';

/**
 * A page about each kind of problem, to which the `type` of a problem leads. Not secret: it needs
 * no credentials.
 */
export function problemPages(): Router {
  const router = Router({ caseSensitive: true });
  router.get(`${PROBLEM_PAGES}/:code`, onRoute(`${PROBLEM_PAGES}/{code}`), ({ params }, response, next) => {
    const code = String(params.code);
    const title = problemTitle(code);
    if (title === null) {
      next();
      return;
    }
    limitUnreadTime(response);
    response.set({ 'Cache-Control': 'no-cache', 'Content-Security-Policy': "default-src 'none'" });
    response.type('html').send(page(code, title));
  });
  const failures = problemAnswer({ headers: {}, adapt: (problem) => ({ problem, headers: {} }) });
  router.use(PROBLEM_PAGES, noSuchPath, failures);
  return router;
}

/** `code` and `title` are from our own tables. */
function page(code: string, title: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
    <p>The error code is <code>${code}</code>. The <code>detail</code> of the answer says what is wrong in this case and
    what to do; <a href="/docs">the description of the API</a> says which calls may answer it.</p>
  </body>
</html>
`;
}
