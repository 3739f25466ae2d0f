import { useQuery } from '@tanstack/react-query';
import { alertmanager, prometheus } from './api';

// What changes by itself is asked again this often.
const often = { staleTime: 0, refetchInterval: 5000 };

// usePrometheus is an answer of /api/v1, kept fresh.
export function usePrometheus<T>(path: string, params: Record<string, string> = {}) {
  return useQuery({ queryKey: ['v1', path, params], queryFn: async () => (await prometheus<T>(path, params)).data, ...often });
}

// useAlertmanager is an answer of /api/v2, kept fresh; not asked where there is none.
export function useAlertmanager<T>(path: string, there = true) {
  return useQuery({ queryKey: ['v2', path], queryFn: () => alertmanager<T>(path), enabled: there, ...often });
}
