/** The sheet that all components share. Colours are the theme's variables only, so that every theme just works. */
import { css } from 'lit';

/** For the document itself; adopted once by `ui/panel-element.ts`. */
export const pageSheet = `
  html, body { height: 100%; margin: 0; padding: 0; }
  body { color: var(--vscode-foreground); background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
`;

export const shared = css`
  :host {
    --edge: var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
    /* A line that has to be seen in every theme: never fainter than the theme's own dim text. */
    --line: var(--vscode-contrastBorder, var(--vscode-editorWidget-border, var(--vscode-panel-border)));
    --dim: var(--vscode-descriptionForeground, var(--vscode-foreground));
    --accent: var(--vscode-charts-blue, var(--vscode-focusBorder));
    --warn: var(--vscode-editorWarning-foreground, var(--vscode-foreground));
    --still: var(--vscode-descriptionForeground, var(--vscode-foreground));
    /* What falls. Themes give their orange for charts half transparent; a scale needs its full strength. */
    --fall: rgb(from var(--vscode-charts-orange, var(--warn)) r g b / 1);
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  figure {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  h1,
  h2 {
    font-size: 1.08em;
    font-weight: 600;
  }
  h3 {
    font-size: 1em;
    font-weight: 600;
  }
  .dim {
    color: var(--dim);
  }
  /* Themes' warning colours are for squiggles, too faint for text: only the sign wears them. */
  .warn::before {
    content: '⚠ ' / '';
    color: var(--warn);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    max-width: 100%;
    white-space: nowrap;
  }
  .spread {
    flex: 1 1 0;
    min-width: 0;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Where there is no room, a choice says by itself what it is about; its label stays for assistive technology. */
  .bare .word {
    position: absolute;
    clip-path: inset(50%);
  }
  @media (max-width: 360px) {
    .choice .word {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  @media (max-width: 640px) {
    .tight .word {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  .number {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  button.plain {
    font: inherit;
    color: var(--vscode-textLink-foreground);
    background: none;
    border: 0;
    padding: 0 1px;
    text-align: start;
    cursor: pointer;
  }
  button.plain:hover {
    color: var(--vscode-textLink-activeForeground, var(--vscode-textLink-foreground));
    text-decoration: underline;
  }
  input[type='range'] {
    appearance: none;
    background: none;
    min-width: 0;
    height: 20px;
    margin: 0;
    cursor: pointer;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--vscode-foreground) 35%, transparent);
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 14px;
    height: 14px;
    margin-top: -5px;
    border-radius: 50%;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background: var(--vscode-button-background, var(--vscode-focusBorder));
  }
  select,
  textarea,
  input.text {
    font: inherit;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--vscode-settings-dropdownBorder, var(--dim)));
    border-radius: 2px;
    padding: 3px 6px;
    min-height: 26px;
  }
  select {
    color: var(--vscode-dropdown-foreground, var(--vscode-input-foreground));
    background: var(--vscode-dropdown-background, var(--vscode-input-background));
    border-color: var(--vscode-dropdown-border, var(--dim));
    max-width: 100%;
  }
  textarea:focus,
  select:focus,
  input.text:focus {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  vscode-button {
    white-space: nowrap;
  }
  vscode-checkbox {
    margin: 0;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
