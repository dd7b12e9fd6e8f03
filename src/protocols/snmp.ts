/** Simple Network Management Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const snmp = plain({ name: 'snmp', startsStream: true, short: 'SNMP', title: 'Simple Network Management Protocol' });
