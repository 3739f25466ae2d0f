import '@mantine/core/styles.css';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { begin } from './snapshots/begin';

// Alertmanager's links have their path behind a #: /#/alerts, /#/silences/new?filter=...
if (location.hash.startsWith('#/')) history.replaceState(null, '', location.hash.slice(1));

begin(location.pathname);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
