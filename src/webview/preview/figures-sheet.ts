/** How a small table of figures below the images looks: names at the start of a line, numbers at its end. */
import { css } from 'lit';

export const figuresSheet = css`
  :host {
    display: block;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    margin-top: 8px;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    text-align: end;
    padding: 2px 0 2px 8px;
    font-weight: 400;
    white-space: nowrap;
  }
  th:first-child {
    text-align: start;
    padding-left: 0;
  }
  thead th {
    color: var(--dim);
  }
`;
