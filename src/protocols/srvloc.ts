/** Service Location Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const srvloc = plain({ name: 'srvloc', short: 'SRVLOC', title: 'Service Location Protocol' });
