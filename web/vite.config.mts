import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** One site a build: `SITE=portal|console vite build --config web/vite.config.mts`. Both are served by the gateway. */
const site = process.env['SITE'] === 'console' ? 'console' : 'portal';

export default defineConfig({
  root: resolve(import.meta.dirname, site),
  base: `/${site}/`,
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, '../dist/web', site),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
});
