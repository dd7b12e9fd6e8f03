import { useEffect, useMemo, useState } from 'react';
import type { ExchangeMessage } from '../../src/messages.ts';
import { count } from '../format.ts';
import { notationOf, pieces } from './highlight.ts';
import { type Json, jsonValue, parseJson } from './json.ts';
import { type BodyForm, bodyForms, textOf } from './model.ts';
import { type BodyPart, bodyParts } from './multipart.ts';
import { words } from './words.ts';

/** Hexadecimal lines, and members of one node of a tree, that are drawn at most. */
const MOST_LINES = 1024;
const MOST_MEMBERS = 500;
const MOST_DEPTH = 100;
/** Characters of text that are told apart by notation; longer text is plain. */
const MOST_NOTED = 128 * 1024;

/** What is shown: a message's body, or a part of one. */
interface Shown {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly cut: boolean;
  /** Its content coding could not be undone. */
  readonly coded: boolean;
}

/** A body, decoded: as a tree, fields, parts, image, text or bytes. Nothing in it is run, and nothing is fetched. */
export function Body({ message, onSave }: { readonly message: ExchangeMessage; readonly onSave: () => void }) {
  const shown = useMemo(
    () => ({
      body: message.body,
      contentType: message.stillCoded ? '' : message.contentType,
      cut: message.bodyCut,
      coded: message.stillCoded,
    }),
    [message],
  );
  const flaw = message.codingFlaw !== null && (
    <p className="quiet" data-testid="http-flaw">
      {words.codingFlaw(message.codingFlaw, message.contentEncoding)}
    </p>
  );
  if (message.decodedBytes === 0) return flaw || <p className="quiet http-none">{words.noBody}</p>;
  return (
    <div className="http-body" data-testid="http-body">
      {flaw}
      {message.bodyCut && <p className="quiet">{words.cut(count(message.body.length), count(message.decodedBytes))}</p>}
      <Content shown={shown} onSave={onSave} />
    </div>
  );
}

/** Bytes in one of the forms that their type allows, with the choice among them. */
function Content({ shown, onSave }: { readonly shown: Shown; readonly onSave?: () => void }) {
  const parts = useMemo(() => bodyParts(shown.body, shown.contentType), [shown]);
  const forms = useMemo(
    () => bodyForms(shown.contentType, { cut: shown.cut, parts: parts.length > 0, ...(shown.coded ? {} : { bytes: shown.body }) }),
    [shown, parts],
  );
  const [wanted, setWanted] = useState<BodyForm | null>(null);
  const form = wanted !== null && forms.includes(wanted) ? wanted : (forms[0] ?? 'hex');
  return (
    <>
      <fieldset className="http-forms" aria-label={words.bodyForm}>
        {forms.map((each) => (
          <button key={each} type="button" aria-pressed={each === form} onClick={() => setWanted(each)}>
            {words.forms[each]}
          </button>
        ))}
        {onSave !== undefined && (
          <button type="button" className="apart" onClick={onSave}>
            {words.saveBody}
          </button>
        )}
      </fieldset>
      {form === 'parts' ? (
        parts.map((part, k) => <Part key={`${k + 1}`} part={part} number={k + 1} />)
      ) : (
        <BodyAs form={form} shown={shown} />
      )}
    </>
  );
}

/** One part of a multipart body: what it is for, and its content, whose own parts are shown as text. */
function Part({ part, number }: { readonly part: BodyPart; readonly number: number }) {
  const shown = useMemo(
    () => ({
      body: part.body,
      contentType: /^multipart\//i.test(part.contentType) ? 'text/plain' : part.contentType,
      cut: part.cut,
      coded: false,
    }),
    [part],
  );
  return (
    <section className="http-part" aria-label={words.part(count(number))} data-testid="http-part">
      <h4>
        {part.name === '' ? words.part(count(number)) : part.name}
        {part.fileName !== '' && <span className="quiet">{words.fileCalled(part.fileName)}</span>}
        {part.range !== '' && <span className="quiet">{part.range}</span>}
        <span className="quiet">
          {part.contentType} · {count(part.body.length)} B
        </span>
      </h4>
      {part.cut && <p className="quiet">{words.partCut}</p>}
      {part.body.length > 0 && <Content shown={shown} />}
    </section>
  );
}

function BodyAs({ form, shown }: { readonly form: BodyForm; readonly shown: Shown }) {
  const text = useMemo(
    () => (form === 'tree' || form === 'text' || form === 'form' ? textOf(shown.body, shown.contentType) : ''),
    [form, shown],
  );
  if (form === 'tree') {
    let value: Json;
    try {
      value = parseJson(text);
    } catch {
      return (
        <>
          <p className="quiet">{words.noJson}</p>
          <pre>{text}</pre>
        </>
      );
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
  if (form === 'image') return <Picture shown={shown} />;
  return form === 'hex' ? <pre className="hex">{hexOf(shown.body)}</pre> : <Noted text={text} contentType={shown.contentType} />;
}

/** Text with names, strings and comments told apart where its notation is known. */
function Noted({ text, contentType }: { readonly text: string; readonly contentType: string }) {
  const noted = useMemo(() => {
    const notation = text.length > MOST_NOTED ? null : notationOf(contentType);
    return notation === null ? null : pieces(text, notation);
  }, [text, contentType]);
  if (noted === null) return <pre>{text}</pre>;
  return (
    <pre>
      {noted.map(([kind, piece], k) =>
        kind === 'plain' ? (
          piece
        ) : (
          <span key={k} className={`n-${kind}`}>
            {piece}
          </span>
        ),
      )}
    </pre>
  );
}

/** A value of JSON; objects and arrays fold. */
function Tree({ name, value, depth }: { readonly name: string | null; readonly value: Json; readonly depth: number }) {
  const label = name === null ? null : <span className="name">{name}: </span>;
  const shown = jsonValue(value);
  if (shown.kind === 'leaf') {
    return (
      <div className="leaf">
        {label}
        <span className={shown.text === 'null' ? 'quiet' : undefined}>{shown.text}</span>
      </div>
    );
  }
  if (depth > MOST_DEPTH) return <div className="leaf quiet">{label}…</div>;
  const { kind, members } = shown;
  return (
    <details open={depth < 4 && members.length <= 50}>
      <summary>
        {label}
        <span className="quiet">{kind === 'array' ? `[${count(members.length)}]` : `{${count(members.length)}}`}</span>
      </summary>
      {members.slice(0, MOST_MEMBERS).map(([key, member]) => (
        <Tree key={key} name={key} value={member} depth={depth + 1} />
      ))}
      {members.length > MOST_MEMBERS && <div className="leaf quiet">… {count(members.length - MOST_MEMBERS)}</div>}
    </details>
  );
}

function Picture({ shown }: { readonly shown: Shown }) {
  const [url, setUrl] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([shown.body.slice()], { type: shown.contentType.split(';')[0] ?? '' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [shown]);
  if (broken) return <p className="quiet">{words.brokenImage}</p>;
  return url === null ? null : <img className="http-image" src={url} alt={words.imageAlt} onError={() => setBroken(true)} />;
}

function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && lines.length < MOST_LINES; at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')} ${hex.padEnd(47)}  ${text}`);
  }
  if (bytes.length > 16 * MOST_LINES) lines.push('…');
  return lines.join('\n');
}
