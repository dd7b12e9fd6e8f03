/** Internet Relay Chat: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const irc = plain({ name: 'irc', short: 'IRC', title: 'Internet Relay Chat', line: true });
