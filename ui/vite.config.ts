import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The build lands inside the Go package that serves it, and is committed: go install
// needs no npm.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../internal/web/dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows files only
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  // For npm run dev: the API of a plumb that was started with --address 127.0.0.1:9470.
  server: { proxy: { '/api': 'http://127.0.0.1:9470' } },
});
