import { html, svg } from "lit";

/** Icons are hidden from screen readers: the elements around them have labels. */
function icon(size, content) {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${content}
  </svg>`;
}

export const back = icon(22, svg`<path d="m14 6-6 6 6 6" />`);
export const down = icon(18, svg`<path d="M12 5v14m-6-6 6 6 6-6" />`);
export const leave = icon(20, svg`<path d="M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4m6-4 4-4-4-4m4 4H10" />`);
export const search = icon(18, svg`<circle cx="11" cy="11" r="6.5" /><path d="m20 20-4.2-4.2" />`);
export const send = icon(20, svg`<path d="M12 19V5m-6 6 6-6 6 6" />`);
export const stored = icon(14, svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`);
export const sending = icon(14, svg`<circle cx="12" cy="12" r="8" /><path d="M12 8v4l2.5 2" />`);
export const outward = icon(14, svg`<path d="M8 16 17 7m-8 0h8v8" />`);
