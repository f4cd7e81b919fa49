/** The transition panel's sheet. */
import { css } from 'lit';

export const transitionSheet = css`
  .parts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    max-width: 1800px;
    gap: 20px 32px;
    padding: 12px;
    align-content: start;
  }
  svg {
    width: 100%;
    height: 320px;
    display: block;
  }
  .diagram {
    position: relative;
    padding: 0 76px;
  }
  .diagram span {
    position: absolute;
    top: calc(var(--at) - 0.7em);
    width: 70px;
    line-height: 1.4;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .diagram .left {
    left: 0;
    text-align: end;
  }
  .diagram .right {
    right: 0;
  }
  .band {
    fill: var(--accent);
    fill-opacity: 0.35;
    stroke: var(--vscode-contrastBorder, none);
    cursor: pointer;
  }
  .band:hover,
  .band.chosen {
    fill-opacity: 0.8;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    padding: 0 76px;
    margin-bottom: 4px;
  }
  section h2 {
    margin-bottom: 6px;
  }
  section h3 {
    margin-top: 14px;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    text-align: start;
    padding: 3px 6px;
    font-weight: 400;
  }
  td:first-child,
  th:first-child {
    padding-left: 0;
  }
  td:last-child,
  th:last-child {
    text-align: end;
    padding-right: 0;
  }
  td button.plain {
    padding: 0;
  }
  thead th {
    color: var(--dim);
  }
  .examples {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
    gap: 10px;
    margin-top: 6px;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 4px;
  }
`;
