/** Cisco Hot Standby Router Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const hsrp = plain({ name: 'hsrp', short: 'HSRP', title: 'Cisco Hot Standby Router Protocol' });
