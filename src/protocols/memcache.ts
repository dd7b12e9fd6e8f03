/** Memcached's text protocol (its `doc/protocol.txt`): named, with the first line. */
import { plain } from './app-kit.ts';

export const memcache = plain({ name: 'memcache', short: 'MEMCACHE', title: 'Memcache Protocol', line: true });
