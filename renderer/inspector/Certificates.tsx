import { TriangleAlert } from 'lucide-react';
import type { CertificateChain, CertificateFacts } from '../../src/messages.ts';
import { certificateKey, certificateRemarks, certificateSpan, certificateWords as words } from '../../src/words/certificate-words.ts';
import { count } from '../format.ts';

/** Names of one certificate that its list shows; the others are fields below. */
const NAMES = 12;

/** What is said of the certificates of one message, above the fields of their layer. `time`: of the packet, in seconds of the epoch. */
export function Certificates({ chain, time }: { readonly chain: CertificateChain; readonly time: number }) {
  const title = words.title(chain.from);
  const left = chain.inAll - chain.certificates.length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div className="ins-certs" role="group" aria-label={title} data-testid="certificates">
      <div className="ins-certs-title">{title}</div>
      {chain.certificates.map((said, i) => {
        const remarks = certificateRemarks(said, time, chain.serverName);
        if (said.facts === null)
          return (
            <div key={`${i + 1}`} className="ins-note warn">
              <TriangleAlert size={14} aria-hidden />
              <span>{remarks.map(({ text }) => text).join(' ')}</span>
            </div>
          );
        return (
          <details key={`${i + 1}`} className="ins-cert" open={i === 0}>
            <summary>
              <b>{said.facts.name}</b>
              {remarks.map(({ tone, text }) => (
                <span key={text} className={`ins-cert-remark ${tone}`}>
                  {text}
                </span>
              ))}
            </summary>
            <Facts facts={said.facts} />
          </details>
        );
      })}
      {left > 0 && <div className="ins-certs-title">{words.moreCertificates(count(left))}</div>}
    </div>
  );
}

function Facts({ facts }: { readonly facts: CertificateFacts }) {
  const hidden = facts.namesInAll - Math.min(NAMES, facts.names.length);
  const names = facts.names.slice(0, NAMES).join(', ') + (hidden > 0 ? `, ${words.more(count(hidden))}` : '');
  const rows: [string, string, boolean][] = [
    [words.subject, facts.subject, false],
    [words.issuer, facts.issuer, false],
    [words.validity, certificateSpan(facts), false],
    [words.names, names, false],
    [words.key, `${certificateKey(facts)}${facts.authority ? `; ${words.authority}` : ''}`, false],
    [words.serial, facts.serial, true],
    [words.fingerprint, facts.sha256, true],
  ];
  return (
    <dl>
      {rows.map(([label, value, mono]) =>
        value === '' ? null : (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd className={mono ? 'mono' : undefined}>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
