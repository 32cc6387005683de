import { LitElement, css, html, nothing } from "lit";
import * as icons from "./icons.js";
import { basics, buttons } from "./styles.js";

/** The largest content that the gateway accepts, in UTF-8. */
const MOST_BYTES = 16 * 1024;

/**
 * The input for a message. Keeps a draft for each conversation.
 *
 * Dispatches `say` with the text.
 */
class Composer extends LitElement {
  static properties = {
    partner: {},
    name: {},
    text: { state: true },
  };

  static styles = [
    basics,
    buttons,
    css`
      form {
        display: flex;
        align-items: flex-end;
        gap: 8px;
        max-width: 760px;
        margin: 0 auto;
        padding: 6px;
        border: 1px solid var(--line);
        border-radius: 26px;
        background: var(--raised);
      }
      form:focus-within {
        border-color: var(--accent);
      }
      textarea {
        flex: 1;
        min-width: 0;
        max-height: 160px;
        padding: 8px 6px 8px 14px;
        border: 0;
        background: none;
        font-size: 16px;
        line-height: 24px;
        resize: none;
        field-sizing: content;
      }
      textarea:focus-visible {
        outline: none;
      }
      textarea::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      .send {
        background: var(--accent);
        color: var(--on-accent);
      }
      .send:hover {
        background: var(--accent-strong);
        color: var(--on-accent);
      }
      .send:disabled {
        background: var(--quiet);
        color: var(--muted);
        cursor: default;
      }
      .wrong {
        max-width: 760px;
        margin: 0 auto;
        padding: 6px 20px 0;
        color: var(--danger);
        font-size: 13px;
      }
    `,
  ];

  #drafts = new Map();

  constructor() {
    super();
    this.text = "";
  }

  willUpdate(changed) {
    if (changed.has("partner")) {
      this.text = this.#drafts.get(this.partner) ?? "";
    }
  }

  focus() {
    this.renderRoot.querySelector("textarea").focus();
  }

  render() {
    const isTooLong = this.#isTooLong;
    return html`<form @submit=${this.#submit}>
        <textarea
          rows="1"
          aria-label="Message to ${this.name}"
          aria-describedby="wrong"
          placeholder="Write a message"
          enterkeyhint="send"
          .value=${this.text}
          @input=${this.#wrote}
          @keydown=${this.#pressed}
        ></textarea>
        <button class="round send" aria-label="Send" ?disabled=${!this.text.trim() || isTooLong}>${icons.send}</button>
      </form>
      <div id="wrong" role="status">${isTooLong ? html`<div class="wrong">A message may have 16 KiB, this one is longer.</div>` : nothing}</div>`;
  }

  /** Grows the input in browsers that do not do so by themselves. */
  updated() {
    if (!CSS.supports("field-sizing", "content")) {
      const { style, scrollHeight } = this.renderRoot.querySelector("textarea");
      style.height = this.text ? `${scrollHeight}px` : "auto";
    }
  }

  get #isTooLong() {
    return this.text.length * 3 > MOST_BYTES && new TextEncoder().encode(this.text).length > MOST_BYTES;
  }

  #wrote(event) {
    this.text = event.target.value;
    this.#drafts.set(this.partner, this.text);
  }

  /** With a keyboard, Enter sends and Shift+Enter starts a new line; not during the composition of a word. */
  #pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      this.#submit(event);
    }
  }

  #submit(event) {
    event.preventDefault();
    if (this.text.trim() && !this.#isTooLong) {
      // Invalid Unicode could not be stored: an unpaired surrogate becomes the replacement character.
      this.dispatchEvent(new CustomEvent("say", { detail: this.text.toWellFormed?.() ?? this.text }));
      this.text = "";
      this.#drafts.delete(this.partner);
    }
  }
}

customElements.define("chat-composer", Composer);
