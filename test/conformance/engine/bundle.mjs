// Bundles the heap snapshot engine of Chrome DevTools, which is written for a
// browser's worker, into devtools.mjs for Node. Run where node_modules is.
import {build} from 'esbuild';
import path from 'node:path';

const frontEnd = path.resolve('node_modules/chrome-devtools-frontend/front_end');
const worker = path.join(frontEnd, 'entrypoints/heap_snapshot_worker');

// The list of languages is made when DevTools itself is built, so the package
// lacks it. The engine speaks to nobody: one language will do.
const languages = {
  name: 'languages',
  setup({onResolve, onLoad}) {
    onResolve({filter: /locales\.js$/}, ({path}) => ({path, namespace: 'languages'}));
    onLoad({filter: /./, namespace: 'languages'}, () => ({contents: `
      export const LOCALES = ['en-US'], BUNDLED_LOCALES = LOCALES, DEFAULT_LOCALE = 'en-US';
      export const REMOTE_FETCH_PATTERN = '', LOCAL_FETCH_PATTERN = '';`}));
  },
};

await build({
  stdin: {
    resolveDir: frontEnd, loader: 'ts',
    contents: ['HeapSnapshot', 'HeapSnapshotLoader'].map(f => `export * from '${worker}/${f}.ts';`).join('\n') +
      `export {NodeFilter, SearchConfig, ComparatorConfig} from '${frontEnd}/models/heap_snapshot/HeapSnapshotModel.ts';`,
  },
  bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile: 'devtools.mjs',
  legalComments: 'none', logLevel: 'error', loader: {'.css': 'text', '.svg': 'text'}, plugins: [languages],
  // Node 20 has no Promise.withResolvers.
  banner: {js: `Promise.withResolvers ??= () => { const r = {}; r.promise = new Promise((yes, no) => { r.resolve = yes; r.reject = no; }); return r; };`},
});
