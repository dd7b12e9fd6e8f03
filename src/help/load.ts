/**
 * Help for header fields: what each one means and where that is specified. One data file for each protocol, read when the first field
 * of it is asked about; `test/help.test.ts` holds the files against the registered fields.
 */

/** Languages that the texts are written in. */
export type HelpLanguage = 'en' | 'ko';

/**
 * The texts of a protocol: source (document and section; '' for what is computed from other packets), then the fields, then what
 * they mean in each language. Several abbreviations, separated by spaces, share a text that is true of each of them.
 */
export type HelpFile = Readonly<Record<string, Readonly<Record<string, readonly [en: string, ko: string]>>>>;

export interface FieldHelp {
  /** Document and section, such as `RFC 9293, 3.1`; '' where the field is computed, not specified. */
  readonly source: string;
  readonly text: Readonly<Record<HelpLanguage, string>>;
}

type Load = () => Promise<{ readonly help: HelpFile }>;

const tls: Load = () => import('./tls.ts');

/** The files, by the first part of the field's abbreviation. */
export const helpFiles: Readonly<Record<string, Load>> = {
  eth: () => import('./eth.ts'),
  vlan: () => import('./vlan.ts'),
  arp: () => import('./arp.ts'),
  ip: () => import('./ip.ts'),
  ipv6: () => import('./ipv6.ts'),
  icmp: () => import('./icmp.ts'),
  icmpv6: () => import('./icmpv6.ts'),
  tcp: () => import('./tcp.ts'),
  udp: () => import('./udp.ts'),
  dns: () => import('./dns.ts'),
  http: () => import('./http.ts'),
  tls,
  dtls: tls,
};

const read = new Map<string, Promise<ReadonlyMap<string, FieldHelp>>>();

/** The help of one field; null if there is none. Rejects if the file of its protocol cannot be read. */
export async function fieldHelp(abbrev: string): Promise<FieldHelp | null> {
  const family = abbrev.split('.', 1)[0] ?? '';
  const load = Object.hasOwn(helpFiles, family) ? helpFiles[family] : undefined;
  if (load === undefined) return null;
  let file = read.get(family);
  if (file === undefined) {
    file = load().then(({ help }) => byField(help));
    read.set(family, file);
    // A file that could not be read is asked for again by the next field.
    file.catch(() => read.delete(family));
  }
  return (await file).get(abbrev) ?? null;
}

/** The texts of a file by the abbreviation of the field. */
export function byField(help: HelpFile): Map<string, FieldHelp> {
  const out = new Map<string, FieldHelp>();
  for (const [source, fields] of Object.entries(help)) {
    for (const [abbrevs, [en, ko]] of Object.entries(fields))
      for (const abbrev of abbrevs.split(' ')) out.set(abbrev, { source, text: { en, ko } });
  }
  return out;
}
