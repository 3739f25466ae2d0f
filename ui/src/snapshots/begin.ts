import { client } from '../api/client';

// begin has the snapshot opened whose view the page was called for, while the rest of
// the page is still on its way.
export function begin(path: string) {
  const id = /^\/snapshots\/(\d+)\//.exec(path)?.[1];
  if (!id) return;
  void client.POST('/api/snapshots/{id}/open', { params: { path: { id } } }).catch(() => undefined); // told by the view
}
