import { LitElement, css, html } from "lit";
import { initials, oneOf } from "./format.js";

const HUES = 7;

/** A name's initials on a colour of its own. */
class Avatar extends LitElement {
  static properties = { name: {}, hue: { reflect: true } };

  static styles = css`
    :host {
      display: inline-grid;
      place-items: center;
      flex: none;
      width: 42px;
      height: 42px;
      border-radius: 50%;
      font-size: 15px;
      font-weight: 600;
      letter-spacing: 0.01em;
      user-select: none;
      background: #d8d5f8;
      color: #403f9a;
    }
    :host([hue="1"]) {
      background: #d9eef2;
      color: #0b5566;
    }
    :host([hue="2"]) {
      background: #f9e3d8;
      color: #8a3a10;
    }
    :host([hue="3"]) {
      background: #dff0df;
      color: #245c2a;
    }
    :host([hue="4"]) {
      background: #f8e0ea;
      color: #8c2456;
    }
    :host([hue="5"]) {
      background: #f7ebc8;
      color: #6a4d00;
    }
    :host([hue="6"]) {
      background: #dde8fa;
      color: #1f4b94;
    }
    @media (prefers-color-scheme: dark) {
      :host {
        background: #353470;
        color: #d6d5ff;
      }
      :host([hue="1"]) {
        background: #12434f;
        color: #c4e9f1;
      }
      :host([hue="2"]) {
        background: #5b2c14;
        color: #fbdccb;
      }
      :host([hue="3"]) {
        background: #21472a;
        color: #cdebd0;
      }
      :host([hue="4"]) {
        background: #5a2140;
        color: #fad3e4;
      }
      :host([hue="5"]) {
        background: #4b3b0b;
        color: #f5e3ab;
      }
      :host([hue="6"]) {
        background: #20406f;
        color: #cfe0fb;
      }
    }
  `;

  willUpdate() {
    this.hue = oneOf(HUES, this.name);
  }

  render() {
    return html`<span aria-hidden="true">${initials(this.name)}</span>`;
  }
}

customElements.define("chat-avatar", Avatar);
