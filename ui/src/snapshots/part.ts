import { IconCamera } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const snapshots: Part = {
  name: 'snapshots',
  links: [{ label: 'Snapshots', to: '/snapshots', icon: IconCamera }],
  views: [
    { path: '/snapshots', load: () => import('./List') },
    { path: '/snapshots/growth', load: () => import('./Growth') },
    { path: '/snapshots/:id/:view', load: () => import('./Snapshot') },
    { path: '/snapshots/:id/objects/:object', load: () => import('./ObjectPage') },
  ],
};
