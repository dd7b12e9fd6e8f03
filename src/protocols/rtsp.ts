/** Real Time Streaming Protocol: named, with its leading fields. */
import { plain } from './app-kit.ts';

export const rtsp = plain({ name: 'rtsp', short: 'RTSP', title: 'Real Time Streaming Protocol', line: true });
