import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../src/messages.ts';
import { failed } from '../engine-words.ts';
import { words } from '../words.ts';
import { copyText } from './clipboard.ts';

/** The commands that would help, any one of them, each below what it does. */
export function Commands({ failure }: { readonly failure: Failure }) {
  return failure.commands?.map((command, index) => {
    const way = failure.ways?.[index];
    return (
      <div key={command} className="way">
        {(way !== undefined || index > 0) && (
          <div>
            {index > 0 && <span className="dim">{words.orElse} </span>}
            {way !== undefined && failed(way)}
          </div>
        )}
        <Command text={command} />
      </div>
    );
  });
}

/** A command that wraps and can be copied. */
function Command({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="cmd">
      <code className="selectable">{text}</code>
      <button
        type="button"
        className="btn ghost small"
        onClick={async () => {
          setCopied(await copyText(text));
          window.setTimeout(() => setCopied(false), 2000);
        }}
      >
        <Copy className="i" aria-hidden="true" />
        {copied ? words.copied : words.copy}
      </button>
    </div>
  );
}
