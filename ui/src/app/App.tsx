import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { Failure } from '../api/client';
import { Shell } from './Shell';
import { theme, variables } from './theme';

// What the server refuses stays refused: only what may be a moment's trouble is
// asked again.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tried, error) => tried < 2 && !(error instanceof Failure && error.status !== undefined && error.status < 500),
      refetchOnWindowFocus: false,
      staleTime: 5000,
    },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <Shell />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
