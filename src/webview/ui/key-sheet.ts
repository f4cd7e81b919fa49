/** Keys to what a panel draws: a sample of each sign and its meaning. */
import { css } from 'lit';

export const keySheet = css`
  .key {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    padding: 8px 12px;
    color: var(--dim);
  }
  .key > span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .swatch {
    flex: none;
    width: 22px;
    height: 12px;
    border: 1px solid var(--line);
  }
  .swatch.full {
    background: var(--accent);
  }
  .swatch.still {
    background: repeating-linear-gradient(135deg, var(--dim) 0 1px, transparent 1px 5px);
  }
  .swatch.few {
    background: radial-gradient(circle, var(--dim) 1.1px, transparent 1.6px) 0 0 / 5px 5px;
  }
  .swatch.ramp {
    width: 96px;
    background: linear-gradient(to right, var(--fall), var(--vscode-editor-background), var(--accent));
  }
`;
