import type { ComponentType } from 'react';

// A part of the page: what the server must have for it, its entries in the
// navigation, its views. Its name is the one of the server's part (about.parts).
export interface Part {
  name: string;
  links: { label: string; to: string; icon: ComponentType<{ size?: number }> }[];
  // Views are loaded when they are first shown. The path is React Router's.
  views: { path: string; load: () => Promise<{ default: ComponentType }> }[];
}
