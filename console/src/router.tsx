import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Shell } from './layout/shell.tsx';
import { readActivitySearch } from './pages/activity/activity-search.ts';
import { readLibrarySearch } from './pages/library/library-search.ts';
import { readMediaSearch } from './pages/media/media-search.ts';

const root = createRootRoute({ component: Shell });

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(async () => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const media = createRoute({
  getParentRoute: () => root,
  path: '/media',
  validateSearch: readMediaSearch,
  component: lazyRouteComponent(async () => import('./pages/media/media-page.tsx'), 'MediaPage'),
});

const item = createRoute({
  getParentRoute: () => root,
  path: '/media/$media',
  component: lazyRouteComponent(async () => import('./pages/item/item-page.tsx'), 'ItemPage'),
});

const trash = createRoute({
  getParentRoute: () => root,
  path: '/trash',
  component: lazyRouteComponent(async () => import('./pages/trash/trash-page.tsx'), 'TrashPage'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  component: lazyRouteComponent(async () => import('./pages/jobs/jobs-page.tsx'), 'JobsPage'),
});

const library = createRoute({
  getParentRoute: () => root,
  path: '/library',
  validateSearch: readLibrarySearch,
  component: lazyRouteComponent(async () => import('./pages/library/library-page.tsx'), 'LibraryPage'),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: readActivitySearch,
  component: lazyRouteComponent(async () => import('./pages/activity/activity-page.tsx'), 'ActivityPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(async () => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(async () => import('./pages/system/system-page.tsx'), 'SystemPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  component: lazyRouteComponent(async () => import('./pages/groups/groups-page.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/groups/$group',
  validateSearch: ({ pool }: Readonly<Record<string, unknown>>): { readonly pool?: number } =>
    typeof pool === 'number' && Number.isSafeInteger(pool) ? { pool } : {},
  component: lazyRouteComponent(async () => import('./pages/groups/group-page.tsx'), 'GroupPage'),
});

/** The pages, each loaded when it is first shown. */
export const router = createRouter({
  routeTree: root.addChildren([overview, media, item, trash, jobs, library, activity, account, system, groups, group]),
  basepath: '/console',
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
