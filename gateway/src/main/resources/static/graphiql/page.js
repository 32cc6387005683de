import * as operations from "../chat/api/operations.js";

const MESSAGE = "id cursor sentAt content senderId recipientId";

/** The user and partner of the chat page that opened this one, if any. */
const chat = new URLSearchParams(location.hash.slice(1));

/** The tutorial, one operation per tab. */
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

/** The chat page's own operations. */
function chatTabs(me, partner) {
  return [
    [operations.MESSAGES, { userId: me, with: partner, last: 50 }],
    [operations.LISTEN, { userId: me, after: "earliest" }],
    [
      operations.CREATE_MESSAGE,
      { senderId: me, recipientId: partner, content: "Hello from GraphiQL", clientMessageId: crypto.randomUUID() },
    ],
    [operations.USERS, { prefix: "", first: 20 }],
    [operations.USER_ID, { username: "Alice" }],
    [operations.CREATE_USER, { username: "Alice" }],
  ].map(([query, variables]) => ({ query, variables: JSON.stringify(variables, null, 2) }));
}

function tabs() {
  const me = chat.get("me");
  return me ? chatTabs(me, chat.get("with") ?? me) : TUTORIAL.map((query) => ({ query }));
}

const address = new URL("../graphql", location.href);
const socketAddress = new URL(address);
socketAddress.protocol = address.protocol === "https:" ? "wss:" : "ws:";

/** Each pane has its own tabs and its own WebSocket. */
function openPane(name) {
  const element = document.createElement("div");
  element.className = "pane";
  document.getElementById("panes").append(element);
  const fetcher = GraphiQL.createFetcher({
    url: address.href,
    // A broken subscription reports it in the pane: one that reconnected by itself would hide a gap.
    wsClient: graphqlWs.createClient({ url: socketAddress.href, retryAttempts: 0 }),
  });
  const root = ReactDOM.createRoot(element);
  root.render(
    React.createElement(GraphiQL, {
      fetcher,
      storage: GraphiQL.createLocalStorage({ namespace: `chatql-${chat}${name}` }),
      defaultTabs: tabs(),
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
