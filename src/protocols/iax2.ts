/** Inter-Asterisk eXchange v2: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const iax2 = plain({ name: 'iax2', short: 'IAX2', title: 'Inter-Asterisk eXchange v2' });
