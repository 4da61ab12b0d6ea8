import { defineConfig } from "vite";

export default defineConfig({
  // Wherever the page lies, its files lie beside it: at `/`, below a proxy's path, or on any file server.
  base: "./",
  // A module preload by script would need no policy of its own; old browsers that lack it are not supported.
  build: { outDir: "../app/explorer", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
  server: { proxy: { "^/(?!src|node_modules|@)": "http://127.0.0.1:8000" } },
});
