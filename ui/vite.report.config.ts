import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The report that is a file of its own: one script and one style sheet, which package
// report puts into it. They are committed, as the page is.
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: '../internal/report/dist',
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      input: 'src/report/main.tsx',
      output: { format: 'iife', entryFileNames: 'report.js', assetFileNames: 'report[extname]' },
    },
  },
});
