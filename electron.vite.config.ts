import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Output goes to out/; build/ holds what the installer needs. The native module stays outside the bundle. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        external: ['better-sqlite3', 'electron'],
        input: { electron: at('main/electron.ts'), 'database-worker': at('main/db/worker.ts') },
      },
      externalizeDeps: { exclude: ['zod', 'ldapts', 'libphonenumber-js', 'pino', 'csv-parse', 'write-file-atomic', 'ws', 'jsonc-parser'] },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can only be CommonJS.
      rollupOptions: { input: { index: at('preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: { outDir: 'out/renderer', rollupOptions: { input: at('renderer/index.html') }, assetsInlineLimit: 0, target: 'chrome108' },
  },
});
