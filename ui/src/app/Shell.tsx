import { ActionIcon, Anchor, AppShell, Burger, Group, NavLink, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { useAbout } from '../api/about';
import { Empty, Failed, Waiting } from '../parts/States';
import { Keys } from './Keys';
import type { Part } from './part';
import { parts } from './parts';

// The frame around every view: navigation, colours, help about keys.
export function Shell() {
  const about = useAbout();
  const here = useMemo(() => parts.filter((p) => about.data?.parts.includes(p.name)), [about.data]);
  const links = here.flatMap((p) => p.links);
  const [opened, menu] = useDisclosure();
  const [keys, help] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(() => menu.close(), [pathname]);
  // Where one address begins with another, the longer is the one that is shown.
  const shown = links.filter(({ to }) => pathname === to || pathname.startsWith(to + '/')).sort((a, b) => b.to.length - a.to.length)[0]?.to;
  useHotkeys([['shift+?', help.toggle]], undefined, false);

  return (
    <AppShell header={{ height: 48 }} navbar={{ width: 180, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding="md" transitionDuration={0}>
      <Anchor href="#main" className="skip">
        Skip to content
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" aria-expanded={opened} />
            <Anchor component={Link} to="/" underline="never" c="inherit" aria-label="plumb, start">
              <Group gap={6} wrap="nowrap">
                <img src="/icon.svg" width={22} height={22} alt="" />
                <Text fw={700}>plumb</Text>
              </Group>
            </Anchor>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {about.data && (
              <Text size="xs" c="dimmed" visibleFrom="sm">
                {about.data.version}
              </Text>
            )}
            <Tooltip label="Keys (?)">
              <ActionIcon variant="subtle" color="gray" onClick={help.open} aria-label="Keys">
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
            <Colours />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Views">
        {links.map(({ label, to, icon: Icon }) => (
          <NavLink key={to} component={Link} to={to} label={label} leftSection={<Icon size={18} />} active={to === shown} />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        {about.isPending && <Waiting what="Asking plumb" />}
        {about.error && <Failed error={about.error} />}
        {about.data && <Views here={here} />}
      </AppShell.Main>
      <Keys opened={keys} onClose={help.close} />
    </AppShell>
  );
}

function Views({ here }: { here: Part[] }) {
  const { pathname } = useLocation();
  const start = here[0]?.links[0]?.to;
  return (
    <Suspense fallback={<Waiting what="Loading the view" />}>
      <Routes>
        {here.flatMap(views).map(({ path, View }) => (
          <Route key={path} path={path} element={<View />} />
        ))}
        {start && <Route path="/" element={<Navigate to={start} replace />} />}
        <Route
          path="*"
          element={
            <Empty title="There is no such view here">
              The address {pathname} belongs to no view that this plumb has. Choose one in the navigation.
            </Empty>
          }
        />
      </Routes>
    </Suspense>
  );
}

// A lazy component must be made once, or its state is lost at every render.
const loaded = new Map<string, React.LazyExoticComponent<React.ComponentType>>();

function views(part: Part) {
  return part.views.map(({ path, load }) => {
    if (!loaded.has(path)) loaded.set(path, lazy(load));
    return { path, View: loaded.get(path)! };
  });
}

function Colours() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Use ${other} colours`}>
      <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(other)} aria-label={`Use ${other} colours`}>
        {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
