"use strict";

const MESSAGE = "id cursor sentAt content senderId recipientId";

/** The tutorial, one operation a tab. */
const TUTORIAL = [
  `mutation CreateAlice {
  createUser(username: "Alice") {
    user { username userId }
    success
    errors
  }
}`,
  `mutation CreateBob {
  createUser(username: "Bob") {
    user { username userId }
    success
    errors
  }
}`,
  `subscription MessagesToBob {
  messages(userId: "2") { ${MESSAGE} }
}`,
  `mutation AliceToBob {
  createMessage(senderId: "1", recipientId: "2", content: "Hello Bob") {
    message { ${MESSAGE} }
    success
    errors
  }
}`,
  `query MessagesOfAlice {
  messages(userId: "1") {
    messages { ${MESSAGE} }
    success
    errors
  }
}`,
  `query UserId {
  userId(username: "Alice")
}`,
  `query Hello {
  hello
}`,
];

const address = new URL("../graphql", location.href);
const socketAddress = new URL(address);
socketAddress.protocol = address.protocol === "https:" ? "wss:" : "ws:";

/** Each pane remembers its own tabs and has its own socket. */
function openPane(name) {
  const element = document.createElement("div");
  element.className = "pane";
  document.getElementById("panes").append(element);
  const fetcher = GraphiQL.createFetcher({
    url: address.href,
    // A broken subscription says so in the pane: one that came back by itself would hide a gap.
    wsClient: graphqlWs.createClient({ url: socketAddress.href, retryAttempts: 0 }),
  });
  const root = ReactDOM.createRoot(element);
  root.render(
    React.createElement(GraphiQL, {
      fetcher,
      storage: GraphiQL.createLocalStorage({ namespace: `chatql-${name}` }),
      defaultTabs: TUTORIAL.map((query) => ({ query })),
    }),
  );
  return () => {
    root.unmount();
    element.remove();
  };
}

let closeSecond = null;

function toggleSecond() {
  if (closeSecond) {
    closeSecond();
    closeSecond = null;
  } else {
    closeSecond = openPane("second");
  }
}

openPane("first");
document.getElementById("second-pane").addEventListener("click", toggleSecond);
