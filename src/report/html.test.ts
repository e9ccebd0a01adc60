import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, html, page } from './html.ts';

describe('text on a page', () => {
  it('is never markup, whatever a log has in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be absent
        expect(escaped(text)).not.toMatch(/[<>"'\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
        expect(html`<i title="${text}">${text}</i>`.html.match(/[<>"]/g)).toHaveLength(6);
      }),
    );
  });

  it('is left alone where it is a template itself', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, ' & ', 7]}</p>`.html).toBe('<p><b>&lt;</b> &amp; 7</p>');
  });
});

describe('a page', () => {
  const text = page('A <title>', html`<p>body</p>`);

  it('loads nothing, and lets nothing run', () => {
    expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son[a-z]+=|\sstyle=/i);
    expect(text).toContain('default-src &#39;none&#39;');
    expect(text).toContain('<title>A &lt;title&gt;</title>');
  });

  it('allows its own style by its hash, and no other', () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(text).toContain(`style-src &#39;sha256-${hash}&#39;;`);
  });
});
