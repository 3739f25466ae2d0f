import { IconBell, IconBellOff, IconChartLine, IconListCheck, IconServer, IconTarget } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const prometheus: Part = {
  name: 'prometheus',
  links: [
    { label: 'Alerts', to: '/alerts', icon: IconBell },
    { label: 'Graph', to: '/graph', icon: IconChartLine },
    { label: 'Targets', to: '/targets', icon: IconTarget },
    { label: 'Rules', to: '/rules', icon: IconListCheck },
    { label: 'Status', to: '/status', icon: IconServer },
  ],
  views: [
    { path: '/alerts', load: () => import('./Alerts') },
    { path: '/graph', load: () => import('./Graph') },
    { path: '/query', load: () => import('./Graph') }, // as Prometheus calls it
    { path: '/targets', load: () => import('./Targets') },
    { path: '/rules', load: () => import('./Rules') },
    { path: '/status/:tab?', load: () => import('./Status') },
  ],
};

export const alertmanager: Part = {
  name: 'alertmanager',
  links: [{ label: 'Silences', to: '/silences', icon: IconBellOff }],
  views: [
    { path: '/silences', load: () => import('./Silences') },
    { path: '/silences/new', load: () => import('./NewSilence') },
  ],
};
