import { LitElement, css, html, nothing } from "lit";
import { repeat } from "lit-html/directives/repeat.js";
import { Watch } from "../state/store.js";
import { dayName, dayOf, timeOf } from "./format.js";
import * as icons from "./icons.js";
import { basics, buttons } from "./styles.js";

/** Messages of one sender within this time form a group. */
const TOGETHER_MS = 5 * 60 * 1000;

/**
 * In pixels: how close to the bottom the view follows new messages, and how close to the top it fetches the previous
 * page.
 */
const AT_BOTTOM = 80;
const NEAR_TOP = 400;

/** A conversation's messages: the latest first, and earlier ones while the user scrolls up. */
class Messages extends LitElement {
  static properties = {
    chat: { attribute: false },
    conversation: { attribute: false },
    hasNews: { state: true },
  };

  static styles = [
    basics,
    buttons,
    css`
      :host {
        position: relative;
        min-height: 0;
      }
      .scroller {
        height: 100%;
        overflow-y: auto;
        overflow-anchor: none;
        overscroll-behavior: contain;
        padding: 12px 20px 8px;
      }
      .scroller:focus-visible {
        outline-offset: -2px;
      }
      .column {
        display: flex;
        flex-direction: column;
        justify-content: flex-end;
        min-height: 100%;
        max-width: 760px;
        margin: 0 auto;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .day {
        margin: 20px 0 12px;
        color: var(--muted);
        font-size: 12px;
        font-weight: 600;
        text-align: center;
      }
      .message {
        display: flex;
        margin-top: 3px;
      }
      .message.first {
        margin-top: 14px;
      }
      .bubble {
        max-width: min(78%, 540px);
        padding: 8px 14px;
        border-radius: var(--radius);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .mine {
        flex-direction: column;
        align-items: flex-end;
      }
      .mine .bubble {
        background: var(--mine);
        color: var(--on-mine);
      }
      .theirs {
        flex-direction: column;
        align-items: flex-start;
      }
      .theirs .bubble {
        background: var(--theirs);
        box-shadow: 0 0 0 1px var(--line);
      }
      .theirs.last .bubble {
        border-end-start-radius: 6px;
      }
      .mine.last .bubble {
        border-end-end-radius: 6px;
      }
      .meta {
        display: flex;
        align-items: center;
        gap: 4px;
        min-height: 20px;
        padding: 2px 6px 0;
        color: var(--muted);
        font-size: 12px;
      }
      .pending .bubble {
        background: var(--accent-soft);
        color: var(--text);
        animation: said 0.4s step-end;
      }
      /* Most are stored before a user could see that they were not. */
      @keyframes said {
        from {
          background: var(--mine);
          color: var(--on-mine);
        }
      }
      .failed .bubble {
        background: var(--danger-soft);
        color: var(--danger);
      }
      .failed .meta {
        color: var(--danger);
        flex-wrap: wrap;
        justify-content: flex-end;
      }
      .failed .link {
        color: inherit;
      }
      .note {
        margin: 16px 0;
        color: var(--muted);
        font-size: 13px;
        text-align: center;
      }
      .news {
        position: absolute;
        inset: auto 0 12px;
        width: fit-content;
        margin: 0 auto;
        display: flex;
        align-items: center;
        gap: 6px;
        padding: 8px 16px;
        border: 1px solid var(--line);
        border-radius: 20px;
        background: var(--raised);
        color: var(--accent);
        font-size: 13px;
        font-weight: 600;
        box-shadow: var(--shadow);
      }
    `,
  ];

  #watch = new Watch(this);
  #isAtBottom = true;
  #sizes = new ResizeObserver(() => this.#isAtBottom && this.#toBottom());
  #shown = { first: null, last: null, own: 0 };

  willUpdate(changed) {
    this.#watch.on(this.conversation, this.chat.outbox, this.chat.people);
    if (changed.has("conversation")) {
      this.#isAtBottom = true;
      this.hasNews = false;
      this.#shown = { first: null, last: null, own: 0 };
    }
  }

  render() {
    const entries = this.chat.outbox.to(this.conversation.partner);
    return html`<div
        class="scroller"
        tabindex="0"
        role="region"
        aria-label="Messages with ${this.chat.people.name(this.conversation.partner)}"
        @scroll=${this.#scrolled}
      >
        <div class="column">
          ${this.#beginning(entries)}
          <ol>
            ${repeat(
              this.conversation.messages,
              ({ id }) => id,
              (message, i) => this.#message(message, i),
            )}
            ${repeat(
              entries,
              ({ clientMessageId }) => clientMessageId,
              (entry) => this.#entry(entry),
            )}
          </ol>
        </div>
      </div>
      ${this.hasNews ? html`<button class="news" @click=${() => this.#toBottom()}>${icons.down} New messages</button>` : nothing}`;
  }

  #beginning(entries) {
    const { trouble, isLoading, isKnown, hasEarlier, messages } = this.conversation;
    if (trouble) {
      return html`<p class="note">
        ${trouble}.
        ${isLoading ? nothing : html`<button class="link" @click=${() => this.conversation.refresh()}>Try again</button>`}
      </p>`;
    }
    if (isLoading && hasEarlier) {
      return html`<p class="note">Looking further back…</p>`;
    }
    if (isKnown && messages.length + entries.length === 0) {
      return html`<p class="note">No messages yet. Say hello!</p>`;
    }
    return isKnown && !hasEarlier ? html`<p class="note">The beginning of your conversation.</p>` : html`<p class="note">&nbsp;</p>`;
  }

  #message(message, i) {
    const { messages } = this.conversation;
    const before = messages[i - 1];
    const after = messages[i + 1];
    const isNewDay = !before || dayOf(before.sentAt) !== dayOf(message.sentAt);
    const isFirst = isNewDay || !belong(before, message);
    const isLast = !after || !belong(message, after);
    const isMine = message.senderId === this.chat.me;
    return html`${isNewDay ? html`<li class="day">${dayName(message.sentAt)}</li>` : nothing}
      <li
        class="message ${isMine ? "mine" : "theirs"} ${isFirst ? "first" : ""} ${isLast ? "last" : ""}"
        data-id=${message.id}
      >
        <span class="hidden">${isMine ? "You" : this.chat.people.name(message.senderId)}:</span>
        <div class="bubble" dir="auto">${message.content}</div>
        ${isLast ? this.#meta(message, isMine) : nothing}
      </li>`;
  }

  #meta({ sentAt }, isMine) {
    return html`<div class="meta">
      <time datetime=${sentAt}>${timeOf(sentAt)}</time>
      ${isMine ? html`${icons.stored}<span class="hidden">Stored</span>` : nothing}
    </div>`;
  }

  #entry(entry) {
    return html`<li class="message mine first last ${entry.failure ? "failed" : "pending"}" data-pending=${entry.clientMessageId}>
      <span class="hidden">You:</span>
      <div class="bubble" dir="auto">${entry.content}</div>
      <div class="meta">
        ${entry.failure
          ? html`<span>Not sent: ${entry.failure}</span>
              <button class="link" @click=${() => this.chat.outbox.retry(entry)}>Try again</button>
              <button class="link" @click=${() => this.chat.outbox.discard(entry)}>Delete</button>`
          : html`${icons.sending} Sending…`}
      </div>
    </li>`;
  }

  /** Keeps the scroll position when earlier messages are added above, and the bottom when the view is there. */
  update(changed) {
    const before = this.#scroller?.scrollHeight ?? 0;
    super.update(changed);
    const { messages, partner } = this.conversation;
    const shown = { first: messages[0]?.id, last: messages.at(-1)?.id, own: this.chat.outbox.to(partner).length };
    const grewAbove = this.#shown.first && shown.first !== this.#shown.first;
    const isNews = this.#shown.last && shown.last !== this.#shown.last;
    const isSaying = shown.own > this.#shown.own;
    if (this.#isAtBottom || isSaying) {
      this.#toBottom();
    } else if (grewAbove) {
      this.#scroller.scrollTop += this.#scroller.scrollHeight - before;
    }
    if (isNews && !this.#isAtBottom) {
      this.hasNews = true;
    }
    this.#shown = shown;
  }

  updated() {
    this.#goOn();
  }

  /** Keeps the last message visible when a banner, a keyboard or a longer draft takes room. */
  firstUpdated() {
    this.#sizes.observe(this.#scroller);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  get #scroller() {
    return this.renderRoot?.querySelector(".scroller");
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    this.#isAtBottom = scrollHeight - scrollTop - clientHeight < AT_BOTTOM;
    if (this.#isAtBottom) {
      this.hasNews = false;
    }
    this.#goOn();
  }

  #toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#isAtBottom = true;
  }

  /** Fetches the messages that the user is about to see, and marks those that they have seen. */
  #goOn() {
    const { hasEarlier, isLoading, trouble } = this.conversation;
    if (hasEarlier && !isLoading && !trouble && this.#scroller.scrollTop < NEAR_TOP) {
      this.conversation.loadEarlier();
    }
    if (this.#isAtBottom) {
      this.chat.looked();
    }
  }
}

function belong(message, next) {
  return (
    message.senderId === next.senderId &&
    dayOf(message.sentAt) === dayOf(next.sentAt) &&
    new Date(next.sentAt) - new Date(message.sentAt) < TOGETHER_MS
  );
}

customElements.define("chat-messages", Messages);
