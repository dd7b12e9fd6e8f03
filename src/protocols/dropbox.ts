/** Dropbox's LAN sync discovery: JSON in broadcasts. */
import { app } from './app-kit.ts';
import { json } from './json.ts';

export const dropboxDiscovery = app({
  name: 'db-lsp-disc',
  short: 'DB-LSP-DISC',
  title: 'Dropbox LAN sync Discovery Protocol',
  fields: [],
  read(layer, b, d) {
    d.column(dropboxDiscovery, 'Dropbox LAN sync Discovery Protocol');
    const first = b.bytes[b.offset];
    if (first !== 0x7b && first !== 0x5b) return '';
    layer.size(0);
    d.call(json, b);
    d.column(dropboxDiscovery, 'Dropbox LAN sync Discovery Protocol, JavaScript Object Notation');
    return '';
  },
});
