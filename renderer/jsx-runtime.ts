/**
 * React's runtime for JSX, with texts of elements made fit for a page: whatever a component draws goes through here (`jsxImportSource` in tsconfig.json), so
 * that no view need know where its texts come from. What is drawn without React calls `printableLines` itself. Values of inputs stay as they are.
 */

import { jsxDEV as reactJsxDev } from 'react/jsx-dev-runtime';
import { Fragment, type JSX as ReactJsx, jsx as reactJsx, jsxs as reactJsxs } from 'react/jsx-runtime';
import { printableLines } from '../src/words/printable.ts';

export type { ReactJsx as JSX };
export { Fragment };

type Type = Parameters<typeof reactJsx>[0];
type Props = Readonly<Record<string, unknown>>;

/** Attributes that are read. */
const READ = ['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder'] as const;

function written(child: unknown): unknown {
  if (typeof child === 'string') return printableLines(child);
  return Array.isArray(child) && child.some((each) => written(each) !== each) ? child.map(written) : child;
}

/** What an element of the page is made with; a component's own is its business until it draws. */
function propsOf(type: Type, props: Props): Props {
  if (typeof type !== 'string' && type !== Fragment) return props;
  let out: Record<string, unknown> | null = null;
  for (const name of READ) {
    const text = props[name];
    const shown = written(text);
    if (shown !== text) out = { ...(out ?? props), [name]: shown };
  }
  const children = written(props.children);
  return children === props.children ? (out ?? props) : { ...(out ?? props), children };
}

export const jsx: typeof reactJsx = (type, props, key) => reactJsx(type, propsOf(type, props as Props), key);
export const jsxs: typeof reactJsxs = (type, props, key) => reactJsxs(type, propsOf(type, props as Props), key);
export const jsxDEV: typeof reactJsxDev = (type, props, ...rest) => reactJsxDev(type, propsOf(type, props as Props), ...rest);
