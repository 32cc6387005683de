/** Observable state: dispatches an event on each change. */
export class Store extends EventTarget {
  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Renders a component anew when a store has changed: a reactive controller of Lit. */
export class Watch {
  #host;
  #stores = new Set();

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** Observes these stores instead of the previous ones. */
  on(...stores) {
    const wanted = new Set(stores.filter(Boolean));
    for (const store of this.#stores) {
      if (!wanted.has(store)) {
        store.removeEventListener("change", this);
      }
    }
    for (const store of wanted) {
      store.addEventListener("change", this);
    }
    this.#stores = wanted;
  }

  handleEvent() {
    this.#host.requestUpdate();
  }

  hostDisconnected() {
    this.on();
  }
}
