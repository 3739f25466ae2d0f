import { useQuery } from '@tanstack/react-query';
import { answered, client } from './client';

// useAbout is what this server has.
export function useAbout() {
  return useQuery({ queryKey: ['about'], queryFn: () => answered(client.GET('/api/about')), staleTime: Infinity });
}

// useHas tells whether this server has a part.
export function useHas(part: string): boolean {
  return useAbout().data?.parts.includes(part) ?? false;
}
