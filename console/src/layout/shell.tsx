import { ActionIcon, Anchor, AppShell, Burger, Group, Image, NavLink, Stack, Text, Tooltip } from '@mantine/core';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, type LinkProps } from '@tanstack/react-router';
import {
  Activity,
  Disc3,
  KeyRound,
  LayoutDashboard,
  Library,
  ListChecks,
  LogOut,
  Moon,
  Server,
  Sun,
  Trash2,
  Users,
  type LucideIcon,
} from 'lucide-react';
import type { ReactElement } from 'react';
import { api } from '../api/api.ts';
import icon from '../icon.svg';
import { groupsWith, markSession, sessionQuery, useSession, type Session } from '../session/session.ts';
import { TEXTS } from '../texts.ts';
import { ACCOUNT_TEXTS } from '../texts/account-texts.ts';
import { ACTIVITY_TEXTS } from '../texts/activity-texts.ts';
import { GROUP_TEXTS } from '../texts/group-texts.ts';
import { LIBRARY_TEXTS } from '../texts/library-texts.ts';
import { SYSTEM_TEXTS } from '../texts/system-texts.ts';
import { UploadStarter } from '../uploads/upload-starter.tsx';
import { UploadTray } from '../uploads/upload-tray.tsx';

const ICON_SIZE = 18;
const ROOT_USER = 0;

interface PageLink {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly Icon: LucideIcon;
  /** Whether the user may see the page; by default every user may. */
  readonly isFor?: (session: Session) => boolean;
}

const PAGES: readonly PageLink[] = [
  { to: '/', label: TEXTS.shell.overview, Icon: LayoutDashboard },
  { to: '/media', label: TEXTS.shell.media, Icon: Disc3 },
  { to: '/library', label: LIBRARY_TEXTS.title, Icon: Library },
  { to: '/trash', label: TEXTS.shell.trash, Icon: Trash2 },
  { to: '/jobs', label: TEXTS.shell.jobs, Icon: ListChecks },
  { to: '/groups', label: GROUP_TEXTS.title, Icon: Users },
  { to: '/activity', label: ACTIVITY_TEXTS.title, Icon: Activity },
  { to: '/account', label: ACCOUNT_TEXTS.title, Icon: KeyRound },
  { to: '/system', label: SYSTEM_TEXTS.title, Icon: Server, isFor: ({ id }) => id === ROOT_USER },
];

/** The frame of every page: header, navigation, content. */
export function Shell(): ReactElement {
  const [isOpen, menu] = useDisclosure(false);
  const session = useSession();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 210, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#content" className="skip-link">
        {TEXTS.skipToContent}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={TEXTS.shell.openMenu} />
            <Anchor component={Link} to="/" underline="never" c="inherit">
              <Group gap="xs" wrap="nowrap">
                <Image src={icon} alt="" w={26} h={26} />
                <Text fw={700} size="lg">
                  {TEXTS.product}
                </Text>
              </Group>
            </Anchor>
          </Group>
          <HeaderTools />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={TEXTS.shell.navigation}>
        {PAGES.filter(({ isFor }) => isFor?.(session) ?? true).map(({ to, label, Icon }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            activeOptions={{ exact: to === '/' }}
            className="nav-link"
            label={label}
            leftSection={<Icon size={ICON_SIZE} aria-hidden />}
            onClick={menu.close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Stack gap="md">
          <UploadTray />
          <Outlet />
        </Stack>
      </AppShell.Main>
    </AppShell>
  );
}

function HeaderTools(): ReactElement {
  const session = useSession();
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: async () => api.DELETE('/v1/session'),
    onSuccess: () => {
      markSession(false);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
      client.setQueryData(sessionQuery.queryKey, null);
    },
  });
  return (
    <Group gap="xs" wrap="nowrap">
      {groupsWith(session, 'velocity.media.create').length > 0 && <UploadStarter />}
      <Text size="sm" truncate maw={160} visibleFrom="xs">
        {session.name}
      </Text>
      <ColorSchemeSwitch />
      <Tooltip label={TEXTS.shell.signOut}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={TEXTS.shell.signOut}
          loading={signOut.isPending}
          onClick={() => {
            signOut.mutate();
          }}
        >
          <LogOut size={ICON_SIZE} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function ColorSchemeSwitch(): ReactElement {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const label = isDark ? TEXTS.shell.light : TEXTS.shell.dark;
  const Icon = isDark ? Sun : Moon;
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => {
          setColorScheme(isDark ? 'light' : 'dark');
        }}
      >
        <Icon size={ICON_SIZE} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
