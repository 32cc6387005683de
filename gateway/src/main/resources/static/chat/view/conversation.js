import { LitElement, css, html } from "lit";
import { Watch } from "../state/store.js";
import "./avatar.js";
import "./composer.js";
import * as icons from "./icons.js";
import "./messages.js";
import { basics, buttons } from "./styles.js";

/** The conversation on the screen. Dispatches `back`. */
class ConversationView extends LitElement {
  static properties = { chat: { attribute: false }, partner: {} };

  static styles = [
    basics,
    buttons,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 12px 20px;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .back {
        display: none;
        margin-inline-start: -12px;
      }
      h2 {
        margin: 0;
        outline: none;
        font-size: 16px;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      header p {
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }
      chat-messages {
        flex: 1;
      }
      .foot {
        padding: 8px 20px max(16px, env(safe-area-inset-bottom));
      }
      @media (max-width: 720px) {
        header {
          gap: 8px;
          padding: 8px 16px;
        }
        .back {
          display: inline-grid;
        }
        .foot {
          padding: 6px 10px max(10px, env(safe-area-inset-bottom));
        }
      }
    `,
  ];

  #watch = new Watch(this);

  willUpdate(changed) {
    this.#watch.on(this.chat.people);
    if (changed.has("partner")) {
      this.chat.open(this.partner);
    }
  }

  /**
   * Focuses the input after a user was chosen; on a touch screen the heading, because the keyboard would hide messages.
   */
  async updated(changed) {
    if (changed.has("partner")) {
      await this.updateComplete;
      const first = matchMedia("(pointer: fine)").matches ? "chat-composer" : "h2";
      this.renderRoot.querySelector(first).focus();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.chat.open(null);
  }

  render() {
    const name = this.chat.people.name(this.partner);
    return html`<header>
        <button class="round back" aria-label="Back to the conversations" @click=${() => this.dispatchEvent(new Event("back"))}>
          ${icons.back}
        </button>
        <chat-avatar .name=${name}></chat-avatar>
        <div>
          <h2 tabindex="-1">${name}</h2>
          <p>${this.partner === this.chat.me ? "Notes to yourself" : `id ${this.partner}`}</p>
        </div>
      </header>
      <chat-messages .chat=${this.chat} .conversation=${this.chat.conversation(this.partner)}></chat-messages>
      <div class="foot">
        <chat-composer
          .partner=${this.partner}
          .name=${name}
          @say=${({ detail }) => this.chat.outbox.send(this.partner, detail)}
        ></chat-composer>
      </div>`;
  }
}

customElements.define("chat-conversation", ConversationView);
