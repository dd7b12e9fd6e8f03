/** Names of the few messages between the main process and a window's preload script. */
export const channels = {
  /** Window → main, answered: a host request (name, args). */
  host: 'sevenfold:host',
  /** Main → window: a host event (name, value). */
  event: 'sevenfold:event',
  /** Window → main: the page is ready for its engine port. */
  portPlease: 'sevenfold:port-please',
  /** Main → window, with a port. */
  port: 'sevenfold:port',
} as const;
