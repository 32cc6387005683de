import { LitElement, css, html, nothing } from "lit";
import { Watch } from "../state/store.js";
import { basics, buttons } from "./styles.js";

/** A disconnect that ends before a user could read about it is not shown. */
const QUIET_MS = 800;

/** The state of the connection, where it is worth showing. Dispatches `sign-in`. */
class Banner extends LitElement {
  static properties = {
    chat: { attribute: false },
    session: { attribute: false },
    isBroken: { state: true },
    notice: { state: true },
  };

  static styles = [
    basics,
    buttons,
    css`
      div {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 12px;
        padding: 8px 16px;
        background: var(--notice-soft);
        color: var(--notice);
        font-size: 14px;
        line-height: 1.35;
      }
      .link {
        flex: none;
        color: inherit;
      }
      .dot {
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: currentColor;
        animation: pulse 1.6s ease-in-out infinite;
      }
      @keyframes pulse {
        50% {
          opacity: 0.25;
        }
      }
    `,
  ];

  #watch = new Watch(this);
  #timer;

  willUpdate(changed) {
    this.#watch.on(this.chat.listener, this.session);
    if (changed.has("chat")) {
      this.chat.listener.addEventListener("lost", ({ detail }) => (this.notice = noticeOf(detail)));
    }
    const { status } = this.chat.listener;
    if (status === "live") {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.isBroken = false;
    } else {
      this.#timer ??= setTimeout(() => (this.isBroken = true), QUIET_MS);
    }
  }

  render() {
    return html`<section role="status" aria-label="Connection">${this.#content()}</section>`;
  }

  #content() {
    const { status, reason } = this.chat.listener;
    if (status === "signed-out") {
      return this.#line("Your sign-in has ended.", "Sign in again", () => this.#signIn());
    }
    if (status === "stopped") {
      return this.#line(`This can't go on: ${reason}.`, "Reload", () => location.reload());
    }
    if (this.isBroken) {
      return html`<div>
        <span class="dot"></span><span>No connection. What you write is sent when it is back.</span>
        <button class="link" @click=${() => this.chat.listener.hurry()}>Try now</button>
      </div>`;
    }
    if (this.session.isEnding) {
      return this.#line("Your sign-in ends soon.", "Renew it", () => this.#signIn());
    }
    return this.notice ? this.#line(this.notice, "All right", () => (this.notice = null)) : nothing;
  }

  #line(text, action, act) {
    return html`<div>${text} <button class="link" @click=${act}>${action}</button></div>`;
  }

  #signIn() {
    this.dispatchEvent(new Event("sign-in"));
  }
}

function noticeOf({ advice }) {
  return advice === "expired" ? "Some messages are no longer kept." : "The messages were begun anew, and read again.";
}

customElements.define("chat-banner", Banner);
