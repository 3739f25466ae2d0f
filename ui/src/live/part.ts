import { IconActivity } from '@tabler/icons-react';
import type { Part } from '../app/part';

export const live: Part = {
  name: 'live',
  links: [{ label: 'Live', to: '/live', icon: IconActivity }],
  views: [
    { path: '/live', load: () => import('./Apps') },
    { path: '/live/:app/:instance', load: () => import('./Instance') },
  ],
};
