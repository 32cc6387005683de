import { LitElement, css, html, nothing } from "lit";
import { Connection } from "../api/connection.js";
import { Gateway } from "../api/gateway.js";
import { Bearer } from "../auth/bearer.js";
import { Named } from "../auth/named.js";
import { OpenId } from "../auth/openid.js";
import { Chat } from "../state/chat.js";
import { Watch } from "../state/store.js";
import "./banner.js";
import "./conversation.js";
import "./name-form.js";
import "./sidebar.js";
import { basics } from "./styles.js";
import "./token-form.js";

const ANNOUNCED = 200;

/**
 * @typedef {object} Settings the gateway's settings at `chat/page.json`
 * @property {boolean} token whether callers need a token
 * @property {string} subjectClaim the token's claim with the user's id
 * @property {{issuer: string, clientId: string, scope: string} | null} openId the provider of tokens
 * @property {boolean} explorer whether GraphiQL is served
 */

/** The page: sign-in, then the chat. */
class App extends LitElement {
  static properties = {
    /** @type {Settings} */
    settings: { attribute: false },
    partner: { state: true },
    isReady: { state: true },
    isSigningIn: { state: true },
    heard: { state: true },
  };

  static styles = [
    basics,
    css`
      :host {
        height: 100dvh;
      }
      .shell {
        display: grid;
        grid-template: auto minmax(0, 1fr) / 340px minmax(0, 1fr);
        height: 100%;
      }
      chat-banner {
        grid-column: 1 / -1;
      }
      chat-sidebar {
        border-inline-end: 1px solid var(--line);
      }
      .nobody {
        display: grid;
        place-content: center;
        justify-items: center;
        padding: 24px;
        color: var(--muted);
        text-align: center;
      }
      .nobody img {
        width: 56px;
        margin-bottom: 16px;
        opacity: 0.9;
      }
      .nobody h2 {
        margin: 0 0 6px;
        color: var(--text);
        font-size: 18px;
      }
      .nobody p {
        max-width: 38ch;
        margin: 0;
      }
      dialog {
        width: min(100%, 460px);
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
      }
      dialog::backdrop {
        background: #0008;
      }
      @media (max-width: 720px) {
        .shell {
          grid-template-columns: minmax(0, 1fr);
        }
        chat-sidebar {
          border: 0;
        }
        .shell.open chat-sidebar,
        .shell:not(.open) .nobody {
          display: none;
        }
      }
    `,
  ];

  #watch = new Watch(this);
  #connection;
  #session;
  #chat = null;

  constructor() {
    super();
    const url = new URL("graphql", document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    this.#connection = new Connection(url, () => this.#session.authorization());
  }

  firstUpdated() {
    this.#session = this.#chosenSession();
    this.#session.addEventListener("renewed", ({ detail }) => this.#renewed(detail));
    this.#watch.on(this.#session);
    addEventListener("hashchange", () => this.#route());
    this.#route();
    this.#session.restore().then(() => (this.isReady = true));
  }

  #chosenSession() {
    const { token, subjectClaim, openId } = this.settings;
    const gateway = new Gateway(this.#connection);
    return token ? new Bearer(gateway, subjectClaim, openId && new OpenId(openId)) : new Named(gateway);
  }

  /** The URL names the open conversation, so that the browser's back button works. */
  #route() {
    this.partner = new URLSearchParams(location.hash.slice(1)).get("with");
  }

  willUpdate() {
    if (this.#session?.isComplete && !this.#chat) {
      this.#begin();
    }
  }

  #begin() {
    this.#chat = new Chat(this.#connection, this.#session.user.userId);
    this.#chat.inbox.addEventListener("message", ({ detail }) => this.#heard(detail));
    this.#chat.inbox.addEventListener("change", () => this.#title());
    this.#chat.start();
  }

  async #renewed(authorization) {
    this.isSigningIn = false;
    await this.#connection.renew(authorization);
    this.#chat?.listener.resume();
  }

  /** A screen reader announces incoming messages, whichever conversation is open. */
  #heard({ senderId, content }) {
    if (senderId !== this.#chat.me) {
      const text = `${this.#chat.people.name(senderId)}: ${content.slice(0, ANNOUNCED)}`;
      // The same text again would be no change, and so would not be announced.
      this.heard = text === this.heard ? `${text}\u00a0` : text;
    }
  }

  #title() {
    const { unread } = this.#chat.inbox;
    document.title = unread ? `(${unread}) Chatql` : "Chatql";
  }

  render() {
    if (!this.isReady) {
      return nothing;
    }
    const session = this.#session;
    if (!session.user) {
      return session.needsToken
        ? html`<chat-token-form .session=${session}></chat-token-form>`
        : html`<chat-name-form .session=${session}></chat-name-form>`;
    }
    return this.#chat ? this.#shell() : html`<chat-name-form .session=${session} optional></chat-name-form>`;
  }

  #shell() {
    const chat = this.#chat;
    return html`<div class="shell ${this.partner ? "open" : ""}">
        <chat-banner .chat=${chat} .session=${this.#session} @sign-in=${() => (this.isSigningIn = true)}></chat-banner>
        <chat-sidebar
          .chat=${chat}
          .user=${this.#session.user}
          .chosen=${this.partner}
          .explorer=${this.settings.explorer ? this.#explorer() : null}
          @choose=${({ detail }) => (location.hash = new URLSearchParams({ with: detail }))}
          @sign-out=${() => this.#signOut()}
        ></chat-sidebar>
        ${this.partner
          ? html`<chat-conversation role="main" .chat=${chat} .partner=${this.partner} @back=${() => this.#back()}></chat-conversation>`
          : this.#nobody()}
      </div>
      <div class="hidden" aria-live="polite">${this.heard}</div>
      ${this.isSigningIn
        ? html`<dialog aria-label="Sign in again" @close=${() => (this.isSigningIn = false)}>
            <chat-token-form .session=${this.#session}></chat-token-form>
          </dialog>`
        : nothing}`;
  }

  updated(changed) {
    if (changed.has("isSigningIn") && this.isSigningIn) {
      this.renderRoot.querySelector("dialog").showModal();
    }
  }

  #nobody() {
    return html`<main class="nobody">
      <img src="chat/icon.svg" alt="" />
      <h2>Choose someone to write to</h2>
      <p>
        ${this.settings.token
          ? "Find them by the beginning of their name."
          : "Alone here? Open this page in a second tab, take another name there, and write from one to the other."}
      </p>
    </main>`;
  }

  /** The same operations, with this user and this conversation in their variables. */
  #explorer() {
    const ids = { me: this.#chat.me, ...(this.partner && { with: this.partner }) };
    return `graphiql/#${new URLSearchParams(ids)}`;
  }

  async #back() {
    const partner = this.partner;
    location.hash = "";
    await new Promise((shown) => addEventListener("hashchange", shown, { once: true }));
    await this.updateComplete;
    this.renderRoot.querySelector("chat-sidebar").focusOn(partner);
  }

  #signOut() {
    this.#chat.close();
    this.#session.signOut();
  }
}

customElements.define("chat-app", App);
