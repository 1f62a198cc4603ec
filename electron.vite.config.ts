import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a bundle cannot hold: the native module, Electron itself, and the updater, which finds its parts by its own place. */
const external = ['electron', 'better-sqlite3', 'electron-updater'];

/** Output goes to out/; build/ holds what the installer needs. Everything else is bundled, so that the package holds no node_modules. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      minify: true,
      rollupOptions: {
        external,
        input: { electron: at('main/electron.ts'), 'database-worker': at('main/db/worker.ts') },
        // Names stay, so that a stack in the log says where.
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', keepNames: true },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      minify: true,
      // A sandboxed preload can only be CommonJS.
      rollupOptions: {
        external,
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: at('renderer/index.html') },
      // The policy allows no data: address for scripts, styles and fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // The oldest that the window runs in: the tests' Electron, and a browser of that age.
      target: 'chrome108',
    },
  },
});
