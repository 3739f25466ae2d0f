import { IconDroplet } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const findings: Part = {
  name: 'findings',
  links: [{ label: 'Findings', to: '/findings', icon: IconDroplet }],
  views: [
    { path: '/findings', load: () => import('./List') },
    { path: '/findings/:id', load: () => import('./Finding') },
  ],
};
