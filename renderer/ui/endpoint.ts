/** Splits 'address:port' at the port's colon. */
export function endpoint(text: string): { readonly host: string; readonly port: string } {
  const colon = text.lastIndexOf(':');
  return colon < 0 ? { host: text, port: '' } : { host: text.slice(0, colon), port: text.slice(colon) };
}
