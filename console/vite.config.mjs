import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // Inline scripts and images are not allowed by the policy of the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
