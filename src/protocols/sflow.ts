/** InMon sFlow: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const sflow = plain({ name: 'sflow', short: 'sFlow', title: 'InMon sFlow' });
