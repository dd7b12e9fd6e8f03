/** Network layer protocol identifiers (ISO/IEC TR 9577) that mean the same on every link. */
export const nlpidNames: Readonly<Record<number, string>> = {
  0: 'NULL',
  3: 'X.633',
  12: 'Q.2119',
  128: 'SNAP',
  129: 'CLNP',
  130: 'ESIS',
  131: 'ISIS',
  133: 'IDRP',
  138: 'ESIS (X.25)',
  140: 'ISO 10030',
  141: 'ISO 11577',
  142: 'IPv6',
  176: 'Data compression protocol',
  204: 'IP',
  207: 'PPP',
};
