import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { part } from '../../../renderer/ui/part.ts';

const Greeting = ({ name }: { readonly name: string }) => createElement('b', null, `Hello ${name}`);

describe('a part of the window with code of its own', () => {
  it('is what stands in its place until its code is here, and then itself at once', async () => {
    const Part = part(async () => Greeting, createElement('i', null, 'waits'));
    expect(renderToStaticMarkup(createElement(Part, { name: 'you' }))).toBe('<i>waits</i>');
    await Part.fetch();
    expect(renderToStaticMarkup(createElement(Part, { name: 'you' }))).toBe('<b>Hello you</b>');
  });

  it('has its code brought once, however often it is asked for', async () => {
    let loads = 0;
    const Part = part(async () => {
      loads++;
      return Greeting;
    });
    await Promise.all([Part.fetch(), Part.fetch()]);
    await Part.fetch();
    expect(loads).toBe(1);
  });

  it('tries again after its code could not be had', async () => {
    let loads = 0;
    const Part = part(async () => {
      if (++loads === 1) throw new Error('not there');
      return Greeting;
    });
    await expect(Part.fetch()).rejects.toThrow('not there');
    await Part.fetch();
    expect(renderToStaticMarkup(createElement(Part, { name: 'again' }))).toBe('<b>Hello again</b>');
  });
});
