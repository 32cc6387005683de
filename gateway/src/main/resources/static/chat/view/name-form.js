import { LitElement, html, nothing } from "lit";
import { basics, buttons, cards } from "./styles.js";

/** The form for the user's name: to sign in with, or to be found by. */
class NameForm extends LitElement {
  static properties = {
    /** `Named`, or its counterpart where a token identifies the user. */
    session: { attribute: false },
    /** Whether the name is optional. */
    optional: { type: Boolean },
    taken: { state: true },
    wrong: { state: true },
    isBusy: { state: true },
  };

  static styles = [basics, buttons, cards];

  firstUpdated() {
    this.renderRoot.querySelector("input").focus();
  }

  render() {
    return html`<main>
      <img class="logo" src="chat/icon.svg" alt="" />
      <h1>${this.optional ? "Choose a name" : "Welcome to Chatql"}</h1>
      <p>
        ${this.optional ? "So that others find you by it." : "Choose a name and start a conversation."}
      </p>
      <form @submit=${this.#submit}>
        <label for="name">Your name</label>
        <input
          class="field"
          id="name"
          value=${this.session.suggestedName ?? ""}
          maxlength="64"
          required
          autocomplete="username"
          aria-describedby="wrong"
        />
        <button class="primary" ?disabled=${this.isBusy}>${this.optional ? "Take this name" : "Start chatting"}</button>
      </form>
      <div id="wrong" role="alert">${this.#problem()}</div>
      ${this.optional ? this.#without() : this.#comingBack()}
    </main>`;
  }

  #problem() {
    if (this.taken) {
      return html`<div class="asked">
        ${this.taken} is taken.
        ${this.session.comeBack
          ? html`Is it you?
              <button class="link" @click=${() => this.#comeBack(this.taken)}>Come back as ${this.taken}</button>`
          : "Choose another one."}
      </div>`;
    }
    return this.wrong ? html`<div class="wrong">${this.wrong}</div>` : nothing;
  }

  #without() {
    return html`<p class="small"><button class="link" @click=${() => this.session.name(null)}>Go on without one</button></p>`;
  }

  #comingBack() {
    const names = this.session.remembered;
    return html`${names.length
        ? html`<p class="small">
            Come back as
            ${names.map((name, i) => html`${i ? " · " : ""}<button class="link" @click=${() => this.#comeBack(name)}>${name}</button>`)}
          </p>`
        : nothing}
      <p class="small">There are no passwords: anyone who can reach this gateway can use any name.</p>`;
  }

  #submit(event) {
    event.preventDefault();
    const name = this.renderRoot.querySelector("input").value.trim();
    return this.#busy(async () => {
      try {
        await this.session.create(name);
      } catch (failure) {
        if (failure.message !== "Username is taken") {
          throw failure;
        }
        this.taken = name;
      }
    });
  }

  #comeBack(name) {
    return this.#busy(async () => {
      if (!(await this.session.comeBack(name))) {
        this.wrong = `There is no user ${name} any more.`;
      }
    });
  }

  async #busy(part) {
    this.isBusy = true;
    this.taken = null;
    this.wrong = null;
    try {
      await part();
    } catch (failure) {
      this.wrong = failure.message;
    }
    this.isBusy = false;
  }
}

customElements.define("chat-name-form", NameForm);
