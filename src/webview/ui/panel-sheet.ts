/** The frame of a panel: a column that fills the view and never scrolls as a whole. */
import { css } from 'lit';

export const panelSheet = css`
  :host {
    display: block;
    height: 100vh;
    min-width: 0;
  }
  main {
    display: flex;
    flex-direction: column;
    height: 100%;
    overflow: hidden;
  }
  .problem {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 6px 12px;
    color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
    background: var(--vscode-inputValidation-errorBackground, var(--vscode-editor-background));
    border-bottom: 1px solid var(--vscode-inputValidation-errorBorder, var(--line));
  }
  .problem span {
    flex: 1;
  }
  .waiting,
  .empty {
    padding: 24px 16px;
    max-width: 62ch;
    line-height: 1.5;
  }
  .empty vscode-button {
    margin-top: 12px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--edge);
  }
  .fill {
    flex: 1 1 0;
    min-height: 0;
    min-width: 0;
  }
  .scroll {
    overflow: auto;
  }
`;
