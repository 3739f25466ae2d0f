import { IconFlask } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const lab: Part = {
  name: 'lab',
  links: [{ label: 'Lab', to: '/lab', icon: IconFlask }],
  views: [
    { path: '/lab', load: () => import('./Index') },
    { path: '/lab/recordings/:id', load: () => import('./Player') },
    { path: '/lab/exhibits/:name', load: () => import('./Exhibit') },
    { path: '/lab/stages', load: () => import('./Stages') },
    { path: '/lab/prevention', load: () => import('./Prevention') },
  ],
};
