import { css } from "lit";

/** The base styles of every component. */
export const basics = css`
  * {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  button,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    border: 0;
    background: none;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

export const buttons = css`
  .primary {
    min-height: 44px;
    padding: 0 20px;
    border-radius: 12px;
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
    transition: background 0.15s;
  }
  .primary:hover {
    background: var(--accent-strong);
  }
  .primary:disabled {
    opacity: 0.6;
    cursor: default;
  }
  .link {
    padding: 0;
    color: var(--accent);
    font-weight: 600;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
  }
  .round {
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    padding: 0;
    border-radius: 50%;
    color: var(--muted);
    transition: background 0.15s;
  }
  .round:hover {
    background: var(--quiet);
    color: var(--text);
  }
`;

/** The start screen: a card in the middle. */
export const cards = css`
  :host {
    display: grid;
    place-items: center;
    height: 100%;
    padding: 24px;
    overflow: auto;
  }
  main {
    width: min(100%, 400px);
    padding: 36px 32px 32px;
    border: 1px solid var(--line);
    border-radius: 24px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .logo {
    display: block;
    width: 44px;
    height: 44px;
  }
  h1 {
    margin: 18px 0 4px;
    font-size: 26px;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  p {
    margin: 0 0 22px;
    color: var(--muted);
    text-wrap: pretty;
  }
  form {
    display: grid;
    gap: 8px;
  }
  label {
    font-weight: 600;
  }
  .field {
    width: 100%;
    min-height: 48px;
    margin-bottom: 8px;
    padding: 10px 14px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--canvas);
    font-size: 16px;
  }
  textarea.field {
    min-height: 112px;
    font: 13px/1.5 ui-monospace, monospace;
    resize: vertical;
    overflow-wrap: anywhere;
  }
  .wrong,
  .asked {
    margin: 12px 0 0;
    padding: 10px 14px;
    border-radius: 12px;
    overflow-wrap: anywhere;
  }
  .wrong {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .asked {
    background: var(--accent-soft);
  }
  .small {
    margin: 24px 0 0;
    font-size: 13px;
  }
`;
