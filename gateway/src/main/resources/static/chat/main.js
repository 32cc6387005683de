import "./view/app.js";

/** What the gateway says of itself; Settings in view/app.js. */
async function settings() {
  const answer = await fetch("chat/page.json");
  return answer.json();
}

const app = document.createElement("chat-app");
app.settings = await settings();
document.body.append(app);
