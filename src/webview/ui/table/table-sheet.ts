import { css } from 'lit';

export const tableSheet = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
    min-width: 0;
  }
  .grid {
    position: absolute;
    inset: 0;
    overflow: auto;
    outline-offset: -1px;
  }
  .line {
    display: grid;
    grid-template-columns: var(--columns);
    align-items: center;
    width: 100%;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 2;
    height: var(--head);
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--line);
  }
  .head .line {
    height: 100%;
  }
  .head button {
    display: flex;
    gap: 4px;
    width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-weight: 600;
    align-items: center;
    cursor: pointer;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .arrow {
    font-size: 0.7em;
  }
  .end button {
    justify-content: flex-end;
  }
  [role='columnheader'],
  [role='gridcell'] {
    padding: 0 8px;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .end {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .rows {
    position: relative;
  }
  .rows .line {
    position: absolute;
    top: 0;
    left: 0;
    height: var(--row);
    transform: translateY(var(--y));
    transition: transform 180ms ease-out;
    cursor: default;
  }
  .rows .line:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .rows .line[aria-selected='true'] {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, var(--vscode-foreground));
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .rows .line[aria-selected='true'] .dim,
  .rows .line[aria-selected='true'] .finding {
    color: inherit;
  }
  .grid:focus .rows .line.active {
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
    outline-offset: -1px;
  }
  .nothing {
    position: absolute;
    top: var(--head);
    padding: 20px 12px;
  }
`;
