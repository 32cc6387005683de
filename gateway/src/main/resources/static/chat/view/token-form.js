import { LitElement, css, html, nothing } from "lit";
import { basics, buttons, cards } from "./styles.js";

/** The form for a token, pasted or from the provider. */
class TokenForm extends LitElement {
  static properties = { session: { attribute: false }, wrong: { state: true } };

  static styles = [
    basics,
    buttons,
    cards,
    css`
      details {
        margin-top: 20px;
        color: var(--muted);
      }
      summary {
        margin-bottom: 12px;
        cursor: pointer;
      }
    `,
  ];

  firstUpdated() {
    this.renderRoot.querySelector("button, textarea").focus();
  }

  render() {
    const wrong = this.wrong ?? this.session.trouble;
    return html`<main>
      <img class="logo" src="chat/icon.svg" alt="" />
      <h1>${this.session.user ? "Sign in again" : "Welcome to Chatql"}</h1>
      <p>${this.session.user ? "Nothing is lost: the chat goes on where it was." : "This gateway asks who you are."}</p>
      ${this.session.provider ? this.#provided() : this.#pasted()}
      <div id="wrong" role="alert">${wrong ? html`<div class="wrong">${wrong}</div>` : nothing}</div>
    </main>`;
  }

  #provided() {
    return html`<form @submit=${this.#begin}><button class="primary">Sign in</button></form>
      <details>
        <summary>Or use a token that you have</summary>
        ${this.#pasted()}
      </details>`;
  }

  #pasted() {
    return html`<form @submit=${this.#paste}>
      <label for="token">Your token</label>
      <textarea class="field" id="token" required spellcheck="false" autocomplete="off" aria-describedby="wrong"></textarea>
      <button class="primary">Use this token</button>
    </form>`;
  }

  async #begin(event) {
    event.preventDefault();
    try {
      await this.session.provider.begin();
    } catch (failure) {
      this.wrong = `The provider can't be asked: ${failure.message}`;
    }
  }

  #paste(event) {
    event.preventDefault();
    this.wrong = this.session.paste(this.renderRoot.querySelector("textarea").value);
  }
}

customElements.define("chat-token-form", TokenForm);
