import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { answered, client } from '../api/client';
import type { Order } from '../parts/tree';

// useShelf is the snapshots that are there; while one is being opened, it looks often.
export function useShelf() {
  return useQuery({
    queryKey: ['snapshots'],
    queryFn: () => answered(client.GET('/api/snapshots')),
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.snapshots.some((s) => s.state === 'opening') ? 500 : 3000),
  });
}

// useOpen opens a snapshot that is closed, as its address was given, and learns at once
// when it is open.
export function useOpen(id: string) {
  const shelf = useShelf();
  const queries = useQueryClient();
  const snapshot = shelf.data?.snapshots.find((s) => s.id === id);
  const waiting = snapshot?.state === 'closed' || snapshot?.state === 'opening';
  useEffect(() => {
    if (!waiting) return;
    const left = new AbortController();
    const request = { params: { path: { id } }, signal: left.signal };
    const look = () => queries.invalidateQueries({ queryKey: ['snapshots'] });
    void client
      .POST('/api/snapshots/{id}/open', request)
      .then(look)
      .then(() => client.GET('/api/snapshots/{id}/opened', request))
      .then(look)
      .catch(() => undefined); // what is wrong is told by the list
    return () => left.abort();
  }, [waiting, id, queries]);
  return { shelf, snapshot };
}

// useView is the state of a view, which is in its address.
export function useView() {
  const [query, setQuery] = useSearchParams();
  const set = (changes: Record<string, string | undefined>, replace = false) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value) after.set(name, value);
          else after.delete(name);
        }
        return after;
      },
      { replace },
    );
  const sort = query.get('sort') ?? undefined;
  const order: Order = sort ? { sort, desc: query.get('desc') === '1' } : {};
  const setOrder = (o: Order) => set({ sort: o.sort, desc: o.desc ? '1' : undefined }, true);
  return { get: (name: string) => query.get(name) ?? undefined, all: (name: string) => query.getAll(name), set, order, setOrder };
}

// file is the address of all rows of a listing.
export function file(path: string, query: Record<string, string | undefined>, form: 'csv' | 'json'): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  return `${path}.${form}?${params}`;
}
