import { css } from 'lit';

export const heatSheet = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
    --labels: clamp(96px, 30%, 260px);
    --widest: 220px;
  }
  .grid {
    position: absolute;
    inset: 0;
    overflow: auto;
    outline-offset: -1px;
  }
  :host([whole]) .grid {
    position: static;
    overflow-x: auto;
  }
  .line {
    display: grid;
    grid-template-columns: var(--labels) repeat(var(--count), minmax(28px, var(--widest)));
    width: 100%;
    min-width: calc(108px + 28px * var(--count));
    padding-right: 12px;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 3;
    background: var(--vscode-editor-background);
    min-width: calc(108px + 28px * var(--count));
  }
  .head .line {
    height: var(--head);
    align-items: end;
  }
  .head [role='columnheader'] {
    padding: 4px;
    text-align: center;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }
  .upright {
    --labels: clamp(96px, 24%, 180px);
    --widest: 64px;
  }
  .upright .head [role='columnheader']:not(.label) {
    padding: 4px 0;
    height: 100%;
    display: flex;
    align-items: center;
    justify-content: start;
    writing-mode: vertical-rl;
    transform: rotate(180deg);
    font-weight: 400;
  }
  .upright .head span {
    overflow: hidden;
    text-overflow: ellipsis;
    max-height: 104px;
  }
  .label {
    position: sticky;
    left: 0;
    z-index: 2;
    display: flex;
    gap: 10px;
    justify-content: space-between;
    padding: 0 8px 0 12px;
    line-height: var(--row);
    white-space: nowrap;
    background: var(--vscode-editor-background);
  }
  .head [role='columnheader'].label {
    text-align: start;
    padding-left: 12px;
    line-height: inherit;
  }
  .label .name {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .note {
    color: var(--dim);
    font-size: 0.92em;
  }
  .rows {
    position: relative;
    min-width: calc(108px + 28px * var(--count));
  }
  .rows .line {
    position: absolute;
    top: 0;
    left: 0;
    height: var(--row);
    transform: translateY(var(--y));
  }
  .cell {
    position: relative;
    margin: 1px;
    cursor: pointer;
    text-align: center;
    line-height: calc(var(--row) - 4px);
    font-variant-numeric: tabular-nums;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    background-color: color-mix(in srgb, var(--accent) var(--tint), var(--empty));
    --empty: color-mix(in srgb, var(--vscode-foreground) 6%, var(--vscode-editor-background));
  }
  .cell.falls {
    background-color: color-mix(in srgb, var(--fall) var(--tint), var(--empty));
  }
  .cell {
    --hatch: color-mix(in srgb, var(--vscode-foreground) 55%, transparent);
  }
  .cell.still {
    background-image: repeating-linear-gradient(135deg, var(--hatch) 0 1px, transparent 1px 6px);
  }
  .cell.few {
    background-image: radial-gradient(circle, var(--hatch) 1.1px, transparent 1.6px);
    background-size: 7px 6px;
  }
  /* Numbers stand on the plain background, so that they can be read in every theme; the colour becomes a bar below. */
  .numbers .cell {
    background: none;
    line-height: calc(var(--row) - 8px);
  }
  .numbers .cell::after {
    content: '';
    position: absolute;
    inset: auto 0 0 0;
    height: 4px;
    background: linear-gradient(to right, var(--accent) var(--share), transparent var(--share));
  }
  .numbers .cell.falls::after {
    background: linear-gradient(to right, var(--fall) var(--share), transparent var(--share));
  }
  .numbers .cell.hatched {
    color: var(--dim);
  }
  .numbers .cell.still::after {
    background: repeating-linear-gradient(135deg, var(--dim) 0 1px, transparent 1px 5px);
  }
  .numbers .cell.few::after {
    background: radial-gradient(circle, var(--dim) 1.1px, transparent 1.6px) 0 0 / 7px 4px;
  }
  .cell:hover {
    outline: 1px solid var(--vscode-focusBorder);
  }
  .cell.chosen {
    outline: 2px solid var(--vscode-foreground);
    outline-offset: -1px;
    z-index: 1;
  }
  .grid:focus .cell.here {
    outline: 2px solid var(--vscode-focusBorder);
    outline-offset: 0;
    z-index: 1;
  }
  @container (max-width: 480px) {
    .grid {
      --labels: clamp(92px, calc(100% - 45px * var(--count)), 150px);
    }
    /* Long names stand on two lines: cut, two of them may read the same. */
    .label .name {
      align-self: center;
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      font-size: 0.88em;
      line-height: 1.08;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .head [role='columnheader'] {
      padding: 4px 0;
      font-size: 0.84em;
    }
    .label {
      padding-right: 4px;
    }
    .note {
      display: none;
    }
  }
`;
