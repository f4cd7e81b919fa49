/** The page that a panel lives in: one text for the extension and for the tests, so that both run under the same policy. */
import type { PanelKind } from './panels';

export interface PanelPage {
  panel: PanelKind;
  /** Title for assistive technology, for example `Ranking: bedroom.higan.yaml`. */
  title: string;
  /** URI of `dist/webview/<panel>.js`, as the webview may load it. */
  script: string;
  /** Fresh random text for every page: [A-Za-z0-9+/=]. */
  nonce: string;
  /** What the panel should show first, from the command that opened it; kept out of the script, as an attribute. */
  target?: { concept?: string; layerSet?: string; preview?: string; hop?: number };
}

/**
 * The HTML of a panel. (`csp-nonce` is where the toolkit's library looks for the nonce of the style that it probes with.) Nothing but the panel's own script runs; there are no inline scripts or styles (components use
 * constructable sheets), no network, no frames. Images are drawn on canvases, so that not even `blob:` is needed.
 */
export function panelPage({ panel, title, script, nonce, target }: PanelPage): string {
  if (!/^[A-Za-z0-9+/=_-]{16,}$/.test(nonce)) throw new Error('A nonce has 16 characters or more of base64.');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // Attributes and sheets alike: components use constructable sheets and the CSSOM, which no policy forbids.
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="${escape(policy)}" />
    <meta property="csp-nonce" content="${nonce}" />
    <title>${escape(title)}</title>
  </head>
  <body>
    <higan-${panel} data-target="${escape(JSON.stringify(target ?? {}))}"></higan-${panel}>
    <script type="module" nonce="${nonce}" src="${escape(script)}"></script>
  </body>
</html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
