import { LitElement, css, html, nothing } from "lit";
import { repeat } from "lit-html/directives/repeat.js";
import { Watch } from "../state/store.js";
import "./avatar.js";
import { shortMoment } from "./format.js";
import * as icons from "./icons.js";
import { basics, buttons } from "./styles.js";

const SNIPPET = 80;

/**
 * The user, their conversations, and the search for other users.
 *
 * Dispatches `choose` with a user's id, and `sign-out`.
 */
class Sidebar extends LitElement {
  static properties = {
    chat: { attribute: false },
    user: { attribute: false },
    chosen: {},
    explorer: {},
    prefix: { state: true },
    found: { state: true },
    trouble: { state: true },
  };

  static styles = [
    basics,
    buttons,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--surface);
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 18px 16px 12px 20px;
      }
      header div {
        flex: 1;
        min-width: 0;
      }
      h1 {
        margin: 0;
        font-size: 16px;
        line-height: 1.3;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .muted {
        margin: 0;
        color: var(--muted);
        font-size: 13px;
      }
      .search {
        position: relative;
        padding: 4px 16px 10px;
      }
      .search svg {
        position: absolute;
        left: 29px;
        top: 15px;
        color: var(--muted);
        pointer-events: none;
      }
      input {
        width: 100%;
        height: 40px;
        padding: 0 14px 0 40px;
        border: 1px solid transparent;
        border-radius: 12px;
        background: var(--canvas);
        font-size: 15px;
      }
      input::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      nav {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        padding: 0 8px;
      }
      h2 {
        margin: 8px 12px 6px;
        color: var(--muted);
        font-size: 12px;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .person {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        column-gap: 12px;
        width: 100%;
        padding: 10px 12px;
        border-radius: 14px;
        text-align: start;
      }
      .person:hover {
        background: var(--canvas);
      }
      .person[aria-current="true"] {
        background: var(--accent-soft);
      }
      .person chat-avatar {
        grid-row: span 2;
      }
      .name,
      .snippet {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        font-weight: 600;
      }
      .snippet {
        grid-column: 2 / -1;
      }
      .snippet:has(+ .badge) {
        grid-column: 2;
      }
      .snippet,
      time {
        color: var(--muted);
        font-size: 13px;
      }
      .badge {
        justify-self: end;
        min-width: 20px;
        padding: 0 6px;
        border-radius: 10px;
        background: var(--accent);
        color: var(--on-accent);
        font-size: 12px;
        font-weight: 600;
        line-height: 20px;
        text-align: center;
      }
      .nobody {
        margin: 20px 12px;
        color: var(--muted);
      }
      footer {
        padding: 12px 20px 16px;
        border-top: 1px solid var(--line);
        font-size: 13px;
      }
      footer a {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        color: var(--muted);
        text-decoration: none;
      }
      footer a:hover {
        color: var(--accent);
      }
    `,
  ];

  #watch = new Watch(this);

  constructor() {
    super();
    this.prefix = "";
  }

  willUpdate() {
    this.#watch.on(this.chat.inbox, this.chat.people);
  }

  focus() {
    this.renderRoot.querySelector("input").focus();
  }

  /** Focuses a user in the list, so that going back returns to where the user came from. */
  focusOn(userId) {
    const people = [...this.renderRoot.querySelectorAll(".person")];
    (people.find((person) => person.dataset.user === userId) ?? this).focus();
  }

  render() {
    const name = this.user.username ?? this.user.userId;
    return html`<header>
        <chat-avatar .name=${name}></chat-avatar>
        <div>
          <h1>${name}</h1>
          <p class="muted">${this.user.username ? `id ${this.user.userId}` : "without a name"}</p>
        </div>
        <button class="round" aria-label="Sign out" title="Sign out" @click=${() => this.#tell("sign-out")}>
          ${icons.leave}
        </button>
      </header>
      <div class="search" role="search" @keydown=${this.#steer}>
        ${icons.search}
        <input
          type="search"
          aria-label="Find people"
          placeholder="Find people"
          autocomplete="off"
          spellcheck="false"
          maxlength="64"
          .value=${this.prefix}
          @input=${(event) => this.#find(event.target.value)}
        />
      </div>
      <div class="hidden" role="status">${this.#count()}</div>
      <nav aria-label=${this.prefix ? "Found people" : "Conversations"} @keydown=${this.#steer}>
        ${this.prefix ? this.#people() : this.#conversations()}
      </nav>
      ${this.explorer ? html`<footer><a href=${this.explorer} target="_blank">Try the API in GraphiQL ${icons.outward}</a></footer>` : nothing}`;
  }

  #count() {
    if (!this.prefix || !this.found) {
      return "";
    }
    return this.found.length === 1 ? "1 person found" : `${this.found.length} people found`;
  }

  /** A new user has no conversations yet. */
  #everybody() {
    const others = this.chat.people.some.filter(({ userId }) => userId !== this.chat.me);
    return others.length
      ? html`<h2>People here</h2>${this.#list(others)}`
      : html`<p class="nobody">Nobody else is here yet.</p>`;
  }

  #people() {
    if (this.trouble) {
      return html`<p class="nobody">${this.trouble}</p>`;
    }
    if (this.found?.length === 0) {
      return html`<p class="nobody">Nobody's name begins with “${this.prefix}”.</p>`;
    }
    return this.#list(this.found ?? []);
  }

  #list(users) {
    return html`<ul>
      ${repeat(
        users,
        ({ userId }) => userId,
        ({ userId, username }) => {
          const more = userId === this.chat.me ? "You" : `id ${userId}`;
          return html`<li>${this.#person(userId, username, html`<span class="snippet">${more}</span>`)}</li>`;
        },
      )}
    </ul>`;
  }

  #conversations() {
    const { conversations } = this.chat.inbox;
    if (conversations.length === 0) {
      return this.#everybody();
    }
    return html`<h2>Conversations</h2>
      <ul>
        ${repeat(
          conversations,
          ({ partner }) => partner,
          (summary) => html`<li>${this.#conversation(summary)}</li>`,
        )}
      </ul>`;
  }

  #conversation({ partner, last, unread }) {
    const mine = last.senderId === this.chat.me && partner !== this.chat.me;
    return this.#person(
      partner,
      this.chat.people.name(partner),
      html`<time datetime=${last.sentAt}>${shortMoment(last.sentAt)}</time>
        <span class="snippet">${mine ? "You: " : ""}${last.content.slice(0, SNIPPET)}</span>
        ${unread.length
          ? html`<span class="badge">${unread.length > 99 ? "99+" : unread.length}<span class="hidden"> unread</span></span>`
          : nothing}`,
    );
  }

  #person(userId, name, more) {
    return html`<button
      class="person"
      data-user=${userId}
      aria-current=${userId === this.chosen ? "true" : nothing}
      @click=${() => this.#choose(userId)}
    >
      <chat-avatar .name=${name}></chat-avatar>
      <span class="name">${name}</span>
      ${more}
    </button>`;
  }

  #choose(userId) {
    this.prefix = "";
    this.found = null;
    this.#tell("choose", userId);
  }

  async #find(text) {
    this.prefix = text.trimStart();
    this.trouble = null;
    if (!this.prefix) {
      return;
    }
    try {
      this.found = (await this.chat.people.find(this.prefix)) ?? this.found;
    } catch (failure) {
      this.trouble = failure.message;
    }
  }

  /** The arrow keys move through the list, Escape shows all of it again. */
  #steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.prefix = "";
      this.focus();
    } else if (step) {
      event.preventDefault();
      const all = [...this.renderRoot.querySelectorAll("input, .person")];
      all[all.indexOf(this.renderRoot.activeElement) + step]?.focus();
    }
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}

customElements.define("chat-sidebar", Sidebar);
