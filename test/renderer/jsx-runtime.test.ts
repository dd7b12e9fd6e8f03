import { expect, it } from 'vitest';
import { Fragment, jsx, jsxs } from '../../renderer/jsx-runtime.ts';

const drawn = (element: unknown): unknown => (element as { props: unknown }).props;

it('what an element draws has no character that turns the direction of writing', () => {
  expect(drawn(jsx('span', { children: 'a\u202eb', title: 'c\u2066d', id: '\u202e' }))).toEqual({
    children: 'a\\u202Eb',
    title: 'c\\u2066d',
    id: '\u202e',
  });
  expect(drawn(jsxs('p', { children: ['a', ['\u200fb', 1], null] }))).toEqual({ children: ['a', ['\\u200Fb', 1], null] });
  expect(drawn(jsx(Fragment, { children: '\u061c' }))).toEqual({ children: '\\u061C' });
});

it('a component gets what it is given, and an input keeps its value', () => {
  const Component = (): null => null;
  expect(drawn(jsx(Component, { children: '\u202e', title: '\u202e' }))).toEqual({ children: '\u202e', title: '\u202e' });
  expect(drawn(jsx('input', { value: '\u202e' }))).toEqual({ value: '\u202e' });
});

it('props without one are passed on as they are', () => {
  const children = ['a\n\tb', 'שלום'];
  expect((drawn(jsxs('pre', { children })) as { children: unknown }).children).toBe(children);
});
