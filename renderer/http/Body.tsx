import { useEffect, useMemo, useState } from 'react';
import type { ExchangeMessage } from '../../src/messages.ts';
import { count } from '../format.ts';
import { type BodyForm, bodyForms, textOf } from './model.ts';
import { words } from './words.ts';

/** Hexadecimal lines, and members of one node of a tree, that are drawn at most. */
const MOST_LINES = 1024;
const MOST_MEMBERS = 500;

/** A body, decoded: as a tree, fields, image, text or bytes. Nothing in it is run, and nothing is fetched. */
export function Body({ message, onSave }: { readonly message: ExchangeMessage; readonly onSave: () => void }) {
  const forms = useMemo(() => bodyForms(message.contentType, message.bodyCut), [message]);
  const [wanted, setWanted] = useState<BodyForm | null>(null);
  if (message.decodedBytes === 0) return <p className="quiet http-none">{words.noBody}</p>;
  const form = wanted !== null && forms.includes(wanted) ? wanted : (forms[0] ?? 'hex');
  return (
    <div className="http-body" data-testid="http-body">
      <fieldset className="http-forms" aria-label={words.bodyForm}>
        {forms.map((each) => (
          <button key={each} type="button" aria-pressed={each === form} onClick={() => setWanted(each)}>
            {words.forms[each]}
          </button>
        ))}
        <button type="button" className="apart" onClick={onSave}>
          {words.saveBody}
        </button>
      </fieldset>
      {message.bodyCut && <p className="quiet">{words.cut(count(message.body.length), count(message.decodedBytes))}</p>}
      <BodyAs form={form} message={message} />
    </div>
  );
}

function BodyAs({ form, message }: { readonly form: BodyForm; readonly message: ExchangeMessage }) {
  const text = useMemo(
    () => (form === 'tree' || form === 'text' || form === 'form' ? textOf(message.body, message.contentType) : ''),
    [form, message],
  );
  if (form === 'tree') {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return <pre>{text}</pre>;
    }
    return (
      <div className="http-tree">
        <Tree name={null} value={value} depth={0} />
      </div>
    );
  }
  if (form === 'form') {
    return (
      <dl className="http-headers">
        {[...new URLSearchParams(text)].slice(0, MOST_MEMBERS).map(([name, value], k) => (
          <div key={`${name} ${k + 1}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    );
  }
  if (form === 'image') return <Picture message={message} />;
  return <pre>{form === 'hex' ? hexOf(message.body) : text}</pre>;
}

/** A value of JSON; objects and arrays fold. */
function Tree({ name, value, depth }: { readonly name: string | null; readonly value: unknown; readonly depth: number }) {
  const label = name === null ? null : <span className="name">{name}: </span>;
  if (value === null || typeof value !== 'object') {
    return (
      <div className="leaf">
        {label}
        <span className={value === null ? 'quiet' : undefined}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const members = Array.isArray(value) ? value.map((each, k) => [String(k), each] as const) : Object.entries(value);
  return (
    <details open={depth < 4 && members.length <= 50}>
      <summary>
        {label}
        <span className="quiet">{Array.isArray(value) ? `[${count(members.length)}]` : `{${count(members.length)}}`}</span>
      </summary>
      {members.slice(0, MOST_MEMBERS).map(([key, member]) => (
        <Tree key={key} name={key} value={member} depth={depth + 1} />
      ))}
      {members.length > MOST_MEMBERS && <div className="leaf quiet">… {count(members.length - MOST_MEMBERS)}</div>}
    </details>
  );
}

function Picture({ message }: { readonly message: ExchangeMessage }) {
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([message.body.slice()], { type: message.contentType.split(';')[0] ?? '' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [message]);
  if (broken) return <p className="quiet">{words.brokenImage}</p>;
  return url === null ? null : <img className="http-image" src={url} alt={words.imageAlt} onError={() => setBroken(true)} />;
}

function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && lines.length < MOST_LINES; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  if (bytes.length > 16 * MOST_LINES) lines.push('…');
  return lines.join('\n');
}
