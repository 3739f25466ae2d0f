import { IconAffiliate, IconDropletSearch } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const fleet: Part = {
  name: 'fleet',
  links: [
    { label: 'Fleet', to: '/fleet', icon: IconAffiliate },
    { label: 'Leaks', to: '/fleet/findings', icon: IconDropletSearch },
  ],
  views: [
    { path: '/fleet', load: () => import('./Apps') },
    { path: '/fleet/findings', load: () => import('./Findings') },
    { path: '/fleet/findings/:fingerprint', load: () => import('./Finding') },
    { path: '/fleet/audit', load: () => import('./Audit') },
  ],
};
