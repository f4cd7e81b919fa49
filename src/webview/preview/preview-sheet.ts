/** Where the parts of the preview stand: beside each other, or, in a narrow panel, below each other. */
import { css } from 'lit';

export const previewSheet = css`
  /* Stacked: the controls stay in view above the images that they change; what says more follows below. */
  .split {
    display: flex;
    flex-direction: column;
    overflow: auto;
  }
  .edits {
    position: sticky;
    top: 0;
    z-index: 2;
    flex: none;
    max-height: 55%;
    overflow: auto;
    padding: 8px 12px 10px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--line);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
    gap: 14px 28px;
    margin-top: 6px;
  }
  .notice {
    margin-top: 6px;
    line-height: 1.4;
  }
  higan-image-grid {
    flex: none;
    max-height: max(320px, 75%);
  }
  aside {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
    align-content: start;
    gap: 20px 28px;
    padding: 12px;
    border-top: 1px solid var(--line);
  }
  aside section {
    min-width: 0;
  }
  .bare h2 {
    flex: 1 1 auto;
    white-space: nowrap;
  }
  /* In a low window the pair is smaller, so that what is said of it stands below it in view. */
  .look {
    max-width: clamp(200px, 32vh, 420px);
    margin-top: 8px;
  }
  higan-preview-settings {
    margin-top: 8px;
  }
  @media (min-width: 820px) {
    .split {
      display: grid;
      grid-template:
        'images edits' fit-content(60%) 'images more' minmax(0, 1fr) /
        minmax(0, 1fr) clamp(300px, 30%, 960px);
      overflow: hidden;
    }
    .edits {
      grid-area: edits;
      position: static;
      max-height: none;
      border-inline-start: 1px solid var(--line);
    }
    higan-image-grid {
      grid-area: images;
      max-height: none;
    }
    aside {
      grid-area: more;
      overflow: auto;
      border-top: 0;
      border-inline-start: 1px solid var(--line);
    }
  }
  @media (min-width: 2000px) {
    aside > :first-child {
      grid-column: 1 / -1;
    }
    .look {
      max-width: none;
    }
  }
`;
